package org.quorate.ledger.chain;

import java.util.Optional;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

/**
 * One step of a transaction. The operations of a transaction take effect together or not at all.
 *
 * <pre>
 * operation = 0x01 key optional(value)     Require
 *           | 0x02 key value               Put
 *           | 0x03 key                     Delete
 *           | 0x04 key i64                 Add
 *           | 0x05 data                    Data
 * key       = bytes, 1 to 256
 * value     = bytes, 0 to 65536
 * data      = bytes, 0 to 65536
 * </pre>
 */
public sealed interface Operation extends Encodable {
  /** The longest key, in bytes. */
  int KEY_BYTES_MAX = 256;

  /** The longest value, in bytes. */
  int VALUE_BYTES_MAX = 65_536;

  /**
   * Holds if {@code key} has exactly the value {@code expected}, or is absent when that is empty.
   */
  record Require(ByteString key, Optional<ByteString> expected) implements Operation {
    public Require {
      checkKey(key);
      expected.ifPresent(value -> checkValue(value));
    }

    @Override
    public void encode(Encoder out) {
      out.u8(1).value(key).optional(expected);
    }
  }

  /** Sets {@code key} to {@code value}. */
  record Put(ByteString key, ByteString value) implements Write {
    public Put {
      checkKey(key);
      checkValue(value);
    }

    @Override
    public void encode(Encoder out) {
      out.u8(2).value(key).value(value);
    }
  }

  /** Removes {@code key}; it need not be there. */
  record Delete(ByteString key) implements Write {
    public Delete {
      checkKey(key);
    }

    @Override
    public void encode(Encoder out) {
      out.u8(3).value(key);
    }
  }

  /**
   * Adds {@code delta} to the integer at {@code key}: decimal ASCII digits without leading zeros, 0
   * to 2^63−1, absent counting as 0. Fails where the value is no such integer or the sum would
   * leave that range. Two of them are a transfer.
   */
  record Add(ByteString key, long delta) implements Write {
    public Add {
      checkKey(key);
    }

    @Override
    public void encode(Encoder out) {
      out.u8(4).value(key).i64(delta);
    }
  }

  /** Bytes that are ordered and kept with the chain, and change nothing. */
  record Data(ByteString data) implements Operation {
    public Data {
      checkValue(data);
    }

    @Override
    public void encode(Encoder out) {
      out.u8(5).value(data);
    }
  }

  /** An operation that writes a key, for which the client needs the permission. */
  sealed interface Write extends Operation permits Put, Delete, Add {
    /** The key it writes. */
    ByteString key();
  }

  /** Reads what {@link #encode} writes. */
  static Operation decode(Decoder in) throws MalformedException {
    int kind = in.u8();
    return switch (kind) {
      case 1 -> new Require(key(in), in.optional(Operation::value));
      case 2 -> new Put(key(in), value(in));
      case 3 -> new Delete(key(in));
      case 4 -> new Add(key(in), in.i64());
      case 5 -> new Data(value(in));
      default -> throw new MalformedException("no operation has the kind " + kind);
    };
  }

  private static ByteString key(Decoder in) throws MalformedException {
    return ByteString.decode(in, KEY_BYTES_MAX);
  }

  private static ByteString value(Decoder in) throws MalformedException {
    return ByteString.decode(in, VALUE_BYTES_MAX);
  }

  private static void checkKey(ByteString key) {
    if (key.size() < 1 || key.size() > KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a key has 1 to " + KEY_BYTES_MAX + " bytes, not " + key.size());
    }
  }

  private static void checkValue(ByteString value) {
    if (value.size() > VALUE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a value has at most " + VALUE_BYTES_MAX + " bytes, not " + value.size());
    }
  }
}
