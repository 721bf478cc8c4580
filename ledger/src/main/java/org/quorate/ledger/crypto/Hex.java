package org.quorate.ledger.crypto;

import java.util.HexFormat;

/**
 * Lower-case hex digits, the only textual form of bytes in Quorate; upper case is refused, so that
 * one value has one text.
 */
public final class Hex {
  private Hex() {}

  /** Two lower-case hex digits for each byte. */
  public static String encode(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Parses lower-case hex.
   *
   * @throws IllegalArgumentException if the length is odd or a character is not one of 0-9 and a-f
   */
  public static byte[] decode(String hex) {
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        throw new IllegalArgumentException("not a lower-case hex digit at position " + i);
      }
    }
    if (hex.length() % 2 != 0) {
      throw new IllegalArgumentException("hex has an even number of digits, not " + hex.length());
    }
    return HexFormat.of().parseHex(hex);
  }

  /**
   * Parses lower-case hex of exactly {@code length} bytes.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static byte[] decode(String hex, int length) {
    if (hex.length() != 2 * length) {
      throw new IllegalArgumentException(
          "expected " + 2 * length + " hex digits, not " + hex.length());
    }
    return decode(hex);
  }
}
