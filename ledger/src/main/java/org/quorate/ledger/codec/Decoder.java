package org.quorate.ledger.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what {@link Encoder} writes, and nothing else. Every length and count is checked against a
 * limit of the caller and against the bytes that are left before anything is allocated. Owned by
 * one thread; reads, never changes, the array it is given.
 */
public final class Decoder {
  private final ByteBuffer in;

  private Decoder(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  /** Reads one value. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(Decoder in) throws MalformedException;
  }

  /**
   * Reads exactly one value from {@code bytes}.
   *
   * @throws MalformedException if the bytes are cut off, break a limit or an invariant of the
   *     value, or go on after it
   */
  public static <T> T decode(byte[] bytes, Reader<T> reader) throws MalformedException {
    Decoder in = new Decoder(bytes);
    T value = in.value(reader);
    if (in.in.hasRemaining()) {
      throw new MalformedException(in.in.remaining() + " trailing bytes");
    }
    return value;
  }

  private void need(int bytes) throws MalformedException {
    if (in.remaining() < bytes) {
      throw new MalformedException(
          "cut off at byte "
              + in.position()
              + ": "
              + bytes
              + " more expected, "
              + in.remaining()
              + " left");
    }
  }

  /** One byte, 0 to 255. */
  public int u8() throws MalformedException {
    need(1);
    return in.get() & 0xff;
  }

  /** Two bytes, 0 to 65,535. */
  public int u16() throws MalformedException {
    need(2);
    return in.getShort() & 0xffff;
  }

  /** Four bytes, 0 to {@code max}. */
  public int u32(int max) throws MalformedException {
    need(4);
    int value = in.getInt();
    if (value < 0 || value > max) {
      throw new MalformedException(
          Integer.toUnsignedString(value)
              + " at byte "
              + (in.position() - 4)
              + " is above the limit "
              + max);
    }
    return value;
  }

  /** Eight bytes, 0 to 2^63-1. */
  public long u64() throws MalformedException {
    long value = i64();
    if (value < 0) {
      throw new MalformedException(
          "the integer at byte " + (in.position() - 8) + " is not below 2^63");
    }
    return value;
  }

  /** Eight bytes, two's complement. */
  public long i64() throws MalformedException {
    need(8);
    return in.getLong();
  }

  /** Exactly {@code length} bytes. */
  public byte[] fixed(int length) throws MalformedException {
    need(length);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /** All bytes that are left. */
  public ByteString rest() {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return ByteString.of(bytes);
  }

  /** A u32 length of at most {@code max}, and as many bytes. */
  public byte[] bytes(int max) throws MalformedException {
    return fixed(u32(max));
  }

  /** Well-formed UTF-8 of at most {@code maxBytes} bytes. */
  public String text(int maxBytes) throws MalformedException {
    byte[] bytes = bytes(maxBytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("text that is not UTF-8 before byte " + in.position(), e);
    }
  }

  /** A u32 count of at most {@code max}, and as many elements. */
  public <T> List<T> list(int max, Reader<T> reader) throws MalformedException {
    int count = u32(max);
    // Each element takes at least a byte: a count beyond that is refused before a list is made for
    // it.
    need(count);
    List<T> elements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      elements.add(value(reader));
    }
    return List.copyOf(elements);
  }

  /** A presence byte and, if it is 1, a value. */
  public <T> Optional<T> optional(Reader<T> reader) throws MalformedException {
    return switch (u8()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(value(reader));
      default ->
          throw new MalformedException("a presence byte is 0 or 1, at byte " + (in.position() - 1));
    };
  }

  /** A value in line; an invariant that its constructor refuses is reported as malformed. */
  public <T> T value(Reader<T> reader) throws MalformedException {
    int start = in.position();
    try {
      return reader.read(this);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("at byte " + start + ": " + e.getMessage(), e);
    }
  }
}
