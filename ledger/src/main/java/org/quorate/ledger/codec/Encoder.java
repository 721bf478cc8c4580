package org.quorate.ledger.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes canonical bytes: fields in a fixed order, integers big-endian, variable lengths behind a
 * u32.
 *
 * <pre>
 * u8, u16, u32, u64   unsigned, big-endian
 * i64                 two's complement, big-endian
 * fixed               the bytes alone, their number known from the type
 * bytes               u32 length, then the bytes
 * text                as bytes, UTF-8
 * list                u32 count, then each element
 * optional            u8 0 (absent) or 1 (present), then the value
 * </pre>
 *
 * Owned by one thread.
 */
public final class Encoder {
  private byte[] buffer = new byte[256];
  private int length;

  private int grow(int more) {
    int at = length;
    length = Math.addExact(length, more);
    if (length > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(length, buffer.length * 2));
    }
    return at;
  }

  /** One byte, 0 to 255. */
  public Encoder u8(int value) {
    if (value < 0 || value > 0xff) {
      throw new IllegalArgumentException("not a u8: " + value);
    }
    int at = grow(1);
    buffer[at] = (byte) value;
    return this;
  }

  /** Two bytes, 0 to 65,535. */
  public Encoder u16(int value) {
    if (value < 0 || value > 0xffff) {
      throw new IllegalArgumentException("not a u16: " + value);
    }
    int at = grow(2);
    buffer[at] = (byte) (value >>> 8);
    buffer[at + 1] = (byte) value;
    return this;
  }

  /** Four bytes, 0 to 2^31-1: no length or count in Quorate is larger. */
  public Encoder u32(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("not a u32: " + value);
    }
    int at = grow(4);
    for (int i = 0; i < 4; i++) {
      buffer[at + i] = (byte) (value >>> (24 - 8 * i));
    }
    return this;
  }

  /** Eight bytes, 0 to 2^63-1. */
  public Encoder u64(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("not a u64 below 2^63: " + value);
    }
    return i64(value);
  }

  /** Eight bytes, two's complement. */
  public Encoder i64(long value) {
    int at = grow(8);
    for (int i = 0; i < 8; i++) {
      buffer[at + i] = (byte) (value >>> (56 - 8 * i));
    }
    return this;
  }

  /** The bytes alone. */
  public Encoder fixed(byte[] bytes) {
    int at = grow(bytes.length);
    System.arraycopy(bytes, 0, buffer, at, bytes.length);
    return this;
  }

  /** A u32 length and the bytes. */
  public Encoder bytes(byte[] bytes) {
    return u32(bytes.length).fixed(bytes);
  }

  /** UTF-8, as {@link #bytes}. */
  public Encoder text(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A u32 count and each element. */
  public Encoder list(List<? extends Encodable> elements) {
    u32(elements.size());
    for (Encodable element : elements) {
      element.encode(this);
    }
    return this;
  }

  /** A presence byte and the value, if any. */
  public Encoder optional(Optional<? extends Encodable> value) {
    u8(value.isPresent() ? 1 : 0);
    value.ifPresent(present -> present.encode(this));
    return this;
  }

  /** The value in line. */
  public Encoder value(Encodable value) {
    value.encode(this);
    return this;
  }

  /** A copy of what was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }
}
