package org.quorate.ledger.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.quorate.ledger.store.BlockEntries.Version;

/**
 * A log of LevelDB's: the writes of which no table was made yet.
 *
 * <pre>
 * log    = blocks of 32 KiB, each of them record … zeros
 * record = u32 masked CRC-32C of type and data, u16 bytes, u8 type, data (little-endian)
 * type   = 1 a whole batch | 2 the first part of one | 3 a part | 4 the last part
 * batch  = u64 sequence, u32 count, change … (little-endian)
 * change = 1, varint bytes, key, varint bytes, value | 0, varint bytes, key
 * </pre>
 *
 * (LevelDB, doc/log_format.md, db/write_batch.cc.) What follows a record whose checksum does not
 * hold is read too, if it is where that one ends; its length may be what is damaged.
 */
final class WriteLog {
  private static final int BLOCK_BYTES = 32 << 10;
  private static final int HEADER_BYTES = 7;
  private static final int WHOLE = 1;
  private static final int FIRST = 2;
  private static final int LAST = 4;

  private final byte[] bytes;
  private final Map<byte[], Version> into;
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

  /** Whether a batch has begun, and all of its parts so far were sound. */
  private boolean open;

  /** Whether the last record was none that is sound. */
  private boolean broken;

  /** Whether sound records came after one that was not. */
  private boolean gap;

  private WriteLog(byte[] bytes, Map<byte[], Version> into) {
    this.bytes = bytes;
    this.into = into;
  }

  /** How a log was read. */
  enum End {
    /** To its end. */
    WHOLE,
    /** But for its end, where a crash may have left something of what was not yet written. */
    TORN,
    /** But for something in front of what could be read. */
    GAP
  }

  /**
   * Reads a log.
   *
   * @param into where the newest version of each key is put
   */
  static End read(Path file, Map<byte[], Version> into) throws IOException {
    WriteLog log = new WriteLog(Files.readAllBytes(file), into);
    for (int block = 0; block < log.bytes.length; block += BLOCK_BYTES) {
      log.block(block, Math.min(log.bytes.length, block + BLOCK_BYTES));
    }
    return log.gap ? End.GAP : log.broken ? End.TORN : End.WHOLE;
  }

  private void block(int from, int end) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = from;
    while (end - at >= HEADER_BYTES) {
      int size = in.getShort(at + Integer.BYTES) & 0xffff;
      int type = bytes[at + HEADER_BYTES - 1];
      if (type == 0 && size == 0) {
        return; // made ready for what was not written any more
      }
      boolean sound =
          at + HEADER_BYTES + size <= end
              && in.getInt(at)
                  == TableFormat.maskedChecksum(bytes, at + HEADER_BYTES - 1, size + 1);
      if (sound) {
        gap |= broken;
        record(type, at + HEADER_BYTES, size);
      } else {
        broken = true;
        open = false;
      }
      at += HEADER_BYTES + size;
    }
  }

  private void record(int type, int from, int size) {
    if (type == WHOLE || type == FIRST) {
      parts.reset();
      open = true;
    }
    if (!open) {
      return;
    }
    parts.write(bytes, from, size);
    if (type == WHOLE || type == LAST) {
      open = false;
      batch(ByteBuffer.wrap(parts.toByteArray()).order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  private void batch(ByteBuffer in) {
    try {
      long sequence = in.getLong();
      int count = in.getInt();
      for (int i = 0; i < count; i++) {
        boolean put = in.get() == 1;
        byte[] key = bytes(in);
        Version version = new Version(sequence + i, put ? bytes(in) : null);
        into.merge(key, version, (one, two) -> one.sequence > two.sequence ? one : two);
      }
    } catch (BufferUnderflowException e) {
      gap = true; // LevelDB writes no such batch
    }
  }

  private static byte[] bytes(ByteBuffer in) {
    long size = TableFormat.varint(in);
    if (size < 0 || size > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[(int) size];
    in.get(bytes);
    return bytes;
  }
}
