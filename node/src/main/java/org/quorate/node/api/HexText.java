package org.quorate.node.api;

import java.util.Optional;

/**
 * Reads lower-case hex digits. It does what {@link org.quorate.ledger.crypto.Hex} does, without a
 * String between, for the hot path.
 */
final class HexText {
  private HexText() {}

  /** The bytes; empty if the text is anything but pairs of digits. */
  static Optional<Body> parse(char[] text, int offset, int length) {
    if (length % 2 != 0) {
      return Optional.empty();
    }
    byte[] bytes = new byte[length / 2];
    for (int i = 0; i < bytes.length; i++) {
      int high = digit(text[offset + 2 * i]);
      int low = digit(text[offset + 2 * i + 1]);
      if ((high | low) < 0) {
        return Optional.empty();
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return Optional.of(new Body(bytes));
  }

  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }
}
