package org.quorate.ledger.membership;

import java.nio.charset.StandardCharsets;

/** What a validator or client may be called. */
final class Names {
  static final int BYTES_MAX = 64;

  private Names() {}

  static void check(String kind, String name) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException("the name of a " + kind + " is not Unicode");
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > BYTES_MAX) {
      throw new IllegalArgumentException(
          "the name of a " + kind + " has 1 to " + BYTES_MAX + " bytes, not " + bytes);
    }
  }
}
