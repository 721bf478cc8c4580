package org.quorate.ledger.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An entry of a store. Its arrays are its own and must not be changed. */
final class Entry {
  private final byte[] key;
  private final byte[] value;

  Entry(byte[] key, byte[] value) {
    this.key = key;
    this.value = value;
  }

  byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  boolean hasKey(byte[] other) {
    return Arrays.equals(key, other);
  }

  boolean equalTo(Entry other) {
    return Arrays.equals(key, other.key) && Arrays.equals(value, other.value);
  }

  /**
   * A key as people read it: the letter of its table and the rest in hex, {@code
   * h000000000000002a}.
   */
  static String name(byte[] key) {
    if (key.length == 0) {
      return "(no bytes)";
    }
    boolean letter = key[0] >= 'a' && key[0] <= 'z';
    return letter
        ? new String(key, 0, 1, StandardCharsets.US_ASCII)
            + HexFormat.of().formatHex(key, 1, key.length)
        : HexFormat.of().formatHex(key);
  }
}
