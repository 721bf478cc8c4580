package org.quorate.node.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of a journal file. Integers are big-endian.
 *
 * <pre>
 * file        = header group* zero*
 * header      = "QUORATE JOURNAL\n" u32 version(1) u64 generation u32 crc32c(the 28 bytes before)
 * group       = groupHeader body u32 END
 * groupHeader = u64 generation u64 sequence u32 bodyBytes u32 records u32 crc32c(body)
 *               u32 crc32c(the 28 bytes before) u32 BEGIN
 * body        = record*
 * record      = u32 length, then as many bytes
 * </pre>
 *
 * A group is what one append wrote, and counts as a whole or not at all. Groups are numbered from 0
 * in each file; the generation is a random number of the file, so that a group of another file, or
 * bytes of a client that look like a group, are not taken for one. BEGIN and END have no zero byte:
 * where the last byte of a header or a group is zero, the disk never got it.
 */
final class JournalFormat {
  static final int FILE_HEADER_BYTES = 32;
  static final int GROUP_HEADER_BYTES = 36;
  static final int END_BYTES = 4;
  static final int VERSION = 1;
  static final int BEGIN = 0x51_4a_42_31;
  static final int END = 0x51_4a_45_31;

  private static final byte[] MAGIC = "QUORATE JOURNAL\n".getBytes(StandardCharsets.US_ASCII);

  private JournalFormat() {}

  /** What stands before a group's body. */
  record GroupHeader(long generation, long sequence, int bodyBytes, int records, int bodyCrc) {
    /** The size of the whole group. */
    long groupBytes() {
      return (long) GROUP_HEADER_BYTES + bodyBytes + END_BYTES;
    }

    byte[] encoded() {
      ByteBuffer out =
          ByteBuffer.allocate(GROUP_HEADER_BYTES)
              .putLong(generation)
              .putLong(sequence)
              .putInt(bodyBytes)
              .putInt(records)
              .putInt(bodyCrc);
      return out.putInt(crc(out.array(), out.position())).putInt(BEGIN).array();
    }
  }

  /** The header of a group of these records. */
  static GroupHeader groupHeader(long generation, long sequence, List<byte[]> records) {
    CRC32C crc = new CRC32C();
    long bodyBytes = 0;
    for (byte[] record : records) {
      crc.update(ByteBuffer.allocate(4).putInt(0, record.length));
      crc.update(record);
      bodyBytes += 4L + record.length;
    }
    return new GroupHeader(
        generation, sequence, Math.toIntExact(bodyBytes), records.size(), (int) crc.getValue());
  }

  /** Whether these are the bytes of a sound group header; if so {@link #readGroupHeader} reads. */
  static boolean isGroupHeader(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return bytes.length == GROUP_HEADER_BYTES
        && in.getInt(GROUP_HEADER_BYTES - 4) == BEGIN
        && in.getInt(GROUP_HEADER_BYTES - 8) == crc(bytes, GROUP_HEADER_BYTES - 8)
        && in.getInt(16) >= 0
        && in.getInt(20) >= 0;
  }

  static GroupHeader readGroupHeader(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new GroupHeader(in.getLong(), in.getLong(), in.getInt(), in.getInt(), in.getInt());
  }

  static byte[] fileHeader(long generation) {
    ByteBuffer out =
        ByteBuffer.allocate(FILE_HEADER_BYTES).put(MAGIC).putInt(VERSION).putLong(generation);
    return out.putInt(crc(out.array(), out.position())).array();
  }

  static boolean isFileHeader(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return bytes.length == FILE_HEADER_BYTES
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        && in.getInt(FILE_HEADER_BYTES - 4) == crc(bytes, FILE_HEADER_BYTES - 4);
  }

  static int version(byte[] fileHeader) {
    return ByteBuffer.wrap(fileHeader).getInt(MAGIC.length);
  }

  static long generation(byte[] fileHeader) {
    return ByteBuffer.wrap(fileHeader).getLong(MAGIC.length + 4);
  }

  static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
