package org.quorate.ledger.store;

import java.util.Arrays;

/** Whether one array begins with another. */
final class Prefix {
  private Prefix() {}

  static boolean of(byte[] prefix, byte[] bytes) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }
}
