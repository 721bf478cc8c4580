package org.quorate.ledger.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one block of a table, in order.
 *
 * <pre>
 * block = entry … u32 restart … u32 count of restarts (little-endian)
 * entry = varint shared, varint unshared, varint value bytes, the key from its byte shared on, value
 * key   = the user's key, u64 sequence &lt;&lt; 8 | (1 a value, 0 removed) (little-endian)
 * </pre>
 *
 * Keys rise; of equal ones of the user the newest comes first. Owned by one thread.
 */
final class BlockEntries {
  /** What a key has behind the user's. */
  private static final int TAG_BYTES = Long.BYTES;

  private static final byte UNCOMPRESSED = 0;

  /** An entry begins a new prefix at least this often: LevelDB's own choice for data. */
  private static final int RESTART_INTERVAL = 16;

  private final ByteBuffer in;
  private int count;
  private byte[] key = new byte[0];
  private int valueFrom;
  private int valueBytes;

  private BlockEntries(ByteBuffer in) {
    this.in = in;
  }

  /**
   * The entries of a block whose checksum holds.
   *
   * @param block its bytes and its type
   * @return null if it is none that this program has had written
   */
  static @Nullable BlockEntries of(byte[] block) {
    int size = block.length - 1;
    if (size < Integer.BYTES || block[size] != UNCOMPRESSED) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(block, 0, size).order(ByteOrder.LITTLE_ENDIAN);
    long restarts = in.getInt(size - Integer.BYTES) & 0xffffffffL;
    long end = size - Integer.BYTES * (restarts + 1);
    return end < 0 ? null : new BlockEntries(in.limit((int) end));
  }

  /**
   * The size of a block of data that begins at {@code from}, as the lengths of its entries tell it,
   * whether its checksum holds or not: nothing else does where the index is damaged.
   *
   * @return -1 if there is none, or a length is damaged
   */
  static int sizeAt(byte[] table, int from) {
    BlockEntries entries =
        new BlockEntries(
            ByteBuffer.wrap(table, from, table.length - from).order(ByteOrder.LITTLE_ENDIAN));
    int at = from;
    // The first restart is 0, and an entry that shares nothing and has nothing is none.
    while (entries.in.remaining() >= Integer.BYTES && entries.in.getInt(at) != 0) {
      if (!entries.next()) {
        return -1;
      }
      at = entries.in.position();
    }
    int restarts = Math.max(1, (entries.count + RESTART_INTERVAL - 1) / RESTART_INTERVAL);
    long size = at - from + (long) Integer.BYTES * (restarts + 1);
    return from + size + TableFormat.TRAILER_BYTES <= table.length
            && entries.in.getInt((int) (from + size - Integer.BYTES)) == restarts
        ? (int) size
        : -1;
  }

  /** Goes on to the next; false after the last, or if what is there is no entry. */
  boolean next() {
    int shared = number();
    int unshared = number();
    int bytes = number();
    boolean fits =
        shared >= 0
            && unshared >= 0
            && bytes >= 0
            && shared <= key.length
            && (long) unshared + bytes <= in.remaining()
            && shared + unshared >= TAG_BYTES;
    if (!fits) {
      return false;
    }
    byte[] next = Arrays.copyOf(key, shared + unshared);
    in.get(next, shared, unshared);
    key = next;
    valueFrom = in.position();
    valueBytes = bytes;
    in.position(valueFrom + bytes);
    count++;
    return true;
  }

  private int number() {
    long value = TableFormat.varint(in);
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }

  /** The user's key of the present one. */
  byte[] userKey() {
    return Arrays.copyOf(key, key.length - TAG_BYTES);
  }

  /** Compares the user's key of the present one. */
  int compareTo(byte[] userKey) {
    return Arrays.compareUnsigned(key, 0, key.length - TAG_BYTES, userKey, 0, userKey.length);
  }

  /** What the present one says of its key. */
  Version version() {
    long tag = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getLong(key.length - TAG_BYTES);
    return new Version(tag >>> 8, (tag & 0xff) == 0 ? null : value());
  }

  /** The value of the present one, a copy. */
  byte[] value() {
    byte[] value = new byte[valueBytes];
    in.get(valueFrom, value);
    return value;
  }

  /**
   * What was written at a key once. Its array is its own and must not be changed.
   *
   * @see #sequence
   */
  static final class Version {
    /** Rises with each write. */
    final long sequence;

    /** Null if the key was removed. */
    final byte @Nullable [] value;

    Version(long sequence, byte @Nullable [] value) {
      this.sequence = sequence;
      this.value = value;
    }

    /** The newer of two. */
    static @Nullable Version newer(@Nullable Version one, @Nullable Version two) {
      return one == null || (two != null && two.sequence > one.sequence) ? two : one;
    }
  }
}
