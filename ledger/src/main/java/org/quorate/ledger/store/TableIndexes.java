package org.quorate.ledger.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Verifies what LevelDB does not: the checksum of each table's index. A bit that flips in an index
 * would lead it past entries that are there.
 *
 * <pre>
 * table  = block … index block, fixed[48] footer
 * footer = handle of the meta index, handle of the index, zeros, u64 magic (little-endian)
 * handle = varint offset, varint size
 * block  = size bytes, u8 type, u32 masked CRC-32C of both (little-endian)
 * </pre>
 *
 * (LevelDB, doc/table_format.md, util/crc32c.h.)
 */
final class TableIndexes {
  private static final int FOOTER_BYTES = 48;
  private static final int TRAILER_BYTES = 5;
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int MASK_DELTA = 0xa282ead8;

  private TableIndexes() {}

  /**
   * The tables in {@code folder} whose indexes do not have their checksums. A file without the end
   * of a table is none: LevelDB itself refuses it, or a crash left it and it is of no use.
   */
  static List<Path> damaged(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> tables;
    try (Stream<Path> files = Files.list(folder)) {
      tables =
          files
              .filter(file -> file.getFileName().toString().matches("[0-9]+\\.(sst|ldb)"))
              .sorted()
              .toList();
    }
    return tables.stream().filter(TableIndexes::isDamaged).toList();
  }

  private static boolean isDamaged(Path table) {
    try (FileChannel file = FileChannel.open(table, StandardOpenOption.READ)) {
      long bytes = file.size();
      if (bytes < FOOTER_BYTES) {
        return false;
      }
      ByteBuffer footer = read(file, bytes - FOOTER_BYTES, FOOTER_BYTES);
      if (footer.getLong(FOOTER_BYTES - Long.BYTES) != MAGIC) {
        return false;
      }
      boolean metaIndexHolds = hasChecksum(file, varint(footer), varint(footer));
      boolean indexHolds = hasChecksum(file, varint(footer), varint(footer));
      return !(metaIndexHolds && indexHolds);
    } catch (NoSuchFileException e) {
      return false; // LevelDB has removed it meanwhile
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean hasChecksum(FileChannel file, long offset, long size) throws IOException {
    long room = file.size() - TRAILER_BYTES;
    if (offset < 0 || size < 0 || offset > room || size > room - offset) {
      return false; // nor is memory taken for what a damaged handle claims
    }
    ByteBuffer block = read(file, offset, (int) size + TRAILER_BYTES);
    int stored = block.getInt((int) size + 1);
    CRC32C crc = new CRC32C();
    crc.update(block.limit((int) size + 1));
    return stored == Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  private static ByteBuffer read(FileChannel file, long offset, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, offset + buffer.position()) < 0) {
        throw new IOException("the file ends before the block does");
      }
    }
    return buffer.flip();
  }

  private static long varint(ByteBuffer in) {
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
