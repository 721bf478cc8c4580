package org.quorate.node.api;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoded text of a path or query (RFC 3986, §2.1). A plus sign is a plus sign. */
final class PercentText {
  private PercentText() {}

  /** The bytes that {@code encoded} stands for. */
  static byte[] decode(String encoded) throws ProblemException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c != '%') {
        if (c <= ' ' || c > '~') {
          throw malformed("a character that must be percent-encoded");
        }
        bytes.write(c);
      } else {
        int high = digit(encoded, i + 1);
        int low = digit(encoded, i + 2);
        if (high < 0 || low < 0) {
          throw malformed("a percent sign without two hex digits behind it");
        }
        bytes.write(high << 4 | low);
        i += 2;
      }
    }
    return bytes.toByteArray();
  }

  /** The text that {@code encoded} stands for. */
  static String text(String encoded) throws ProblemException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(decode(encoded)))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("text that is not UTF-8");
    }
  }

  /** The hex digit there; below zero if there is none. */
  private static int digit(String text, int at) {
    return at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
  }

  private static ProblemException malformed(String what) {
    return new ProblemException(ProblemType.MALFORMED_PARAMETER, "the path or query has " + what);
  }
}
