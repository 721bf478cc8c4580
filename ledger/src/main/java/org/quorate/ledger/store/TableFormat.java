package org.quorate.ledger.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How LevelDB writes a table.
 *
 * <pre>
 * table  = block … meta index block, index block, fixed[48] footer
 * footer = handle of the meta index, handle of the index, zeros, u64 magic (little-endian)
 * handle = varint offset, varint size
 * block  = size bytes, u8 type, u32 masked CRC-32C of both (little-endian)
 * </pre>
 *
 * (LevelDB, doc/table_format.md, util/crc32c.h.)
 */
final class TableFormat {
  /** What stands behind the bytes of a block. */
  static final int TRAILER_BYTES = 5;

  private static final int FOOTER_BYTES = 48;
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int MASK_DELTA = 0xa282ead8;

  private TableFormat() {}

  /** Where a block lies, as the footer or an index says, which may be damaged. */
  record Handle(long offset, long size) {
    static Handle read(ByteBuffer in) {
      return new Handle(varint(in), varint(in));
    }
  }

  /** The end of a table. */
  record Footer(Handle metaIndex, Handle index) {}

  /** The footer; empty if the file does not end as a table does. */
  static Optional<Footer> footer(FileChannel file) throws IOException {
    long bytes = file.size();
    if (bytes < FOOTER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer footer = read(file, bytes - FOOTER_BYTES, FOOTER_BYTES);
    return footer.getLong(FOOTER_BYTES - Long.BYTES) == MAGIC
        ? Optional.of(new Footer(Handle.read(footer), Handle.read(footer)))
        : Optional.empty();
  }

  /** The bytes of a block and its type; empty if they do not have their checksum. */
  static Optional<byte[]> block(FileChannel file, Handle handle) throws IOException {
    long room = file.size() - TRAILER_BYTES;
    if (handle.offset < 0
        || handle.size < 0
        || handle.offset > room
        || handle.size > room - handle.offset) {
      return Optional.empty(); // nor is memory taken for what a damaged handle claims
    }
    byte[] bytes = read(file, handle.offset, (int) handle.size + TRAILER_BYTES).array();
    return hasChecksum(bytes, 0, (int) handle.size)
        ? Optional.of(Arrays.copyOf(bytes, (int) handle.size + 1))
        : Optional.empty();
  }

  /** Whether the block of {@code size} bytes at {@code from} has the checksum behind it. */
  static boolean hasChecksum(byte[] bytes, int from, int size) {
    int stored = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(from + size + 1);
    return stored == maskedChecksum(bytes, from, size + 1);
  }

  /** The checksum of some bytes as LevelDB writes it down. */
  static int maskedChecksum(byte[] bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, count);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  static ByteBuffer read(FileChannel file, long offset, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("the file ends before the block does");
      }
    }
    return buffer.flip();
  }

  /** A number of up to 63 bits; -1 if there is none. */
  static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && in.hasRemaining(); shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return -1;
  }
}
