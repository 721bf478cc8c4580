package org.quorate.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.quorate.ledger.codec.ByteString;

/** Keys and values as people read them. */
final class BytesText {
  private BytesText() {}

  /** The text of which these are the UTF-8 bytes, if there is one without control characters. */
  static Optional<String> text(ByteString bytes) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.bytes())).toString();
      return text.codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
          ? Optional.empty()
          : Optional.of(text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The text in quotes, or the bytes as 0x and hex. */
  static String of(ByteString bytes) {
    return text(bytes).map(text -> "\"" + text + "\"").orElse("0x" + bytes.hex());
  }
}
