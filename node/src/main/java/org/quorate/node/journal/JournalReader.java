package org.quorate.node.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quorate.node.journal.Disk.DiskFile;
import org.quorate.node.journal.JournalFormat.GroupHeader;

/**
 * Reads a journal file up to its end, and tells an append that a crash cut short from damage.
 *
 * <p>The file was filled with zeros before anything was appended, and a group is written only after
 * the one before it is on disk. So the only group that may be incomplete is the last one, and what
 * is missing of it reads as zeros or lies beyond the end of the file. A group that fails its check
 * was <em>torn</em>, and is cut off, if
 *
 * <ol>
 *   <li>no sound group of this file with a higher number follows it (else it had been complete on
 *       disk), and
 *   <li>the file ends inside it, or its last byte is zero, or one of the disk's sectors that it
 *       covers is all zeros (disks write sectors in any order; etcd's write-ahead log tells a torn
 *       entry in the same way).
 * </ol>
 *
 * Everything else is damage. A flipped bit in the last group is found unless that group has a
 * sector of zeros of its own.
 */
final class JournalReader {
  private static final int SECTOR_BYTES = 512;
  private static final int SCAN_BYTES = 1 << 16;

  private final String name;
  private final DiskFile file;
  private final long size;

  /**
   * @param end where the sound part of the file ends
   * @param nextSequence the number of the group to append next
   * @param torn whether part of a group stood at {@code end}
   */
  record Contents(
      long generation, List<byte[]> records, long end, long nextSequence, boolean torn) {}

  /**
   * @param name where the file is, for people
   */
  JournalReader(String name, DiskFile file) throws IOException {
    this.name = name;
    this.file = file;
    this.size = file.size();
  }

  Contents read() throws IOException, JournalException {
    byte[] fileHeader = bytesAt(0, JournalFormat.FILE_HEADER_BYTES);
    if (!JournalFormat.isFileHeader(fileHeader)) {
      throw damaged(0, "its header is not that of a journal");
    }
    if (JournalFormat.version(fileHeader) != JournalFormat.VERSION) {
      throw damaged(
          0,
          "its format has version " + JournalFormat.version(fileHeader) + ", this program has 1");
    }
    long generation = JournalFormat.generation(fileHeader);
    List<byte[]> records = new ArrayList<>();
    long at = JournalFormat.FILE_HEADER_BYTES;
    long sequence = 0;
    while (true) {
      byte[] headerBytes = bytesAt(at, JournalFormat.GROUP_HEADER_BYTES);
      if (!JournalFormat.isGroupHeader(headerBytes)) {
        boolean torn = endsAt(at, JournalFormat.GROUP_HEADER_BYTES, at, generation, sequence);
        return new Contents(generation, records, at, sequence, torn);
      }
      GroupHeader header = JournalFormat.readGroupHeader(headerBytes);
      if (header.generation() != generation || header.sequence() != sequence) {
        throw damaged(at, "group " + header.sequence() + " where " + sequence + " was expected");
      }
      if (!readBody(at, header, records)) {
        endsAt(at, header.groupBytes(), at + header.groupBytes(), generation, sequence);
        return new Contents(generation, records, at, sequence, true);
      }
      at += header.groupBytes();
      sequence++;
    }
  }

  /** Adds the records of the group to the list, or none and returns false if it is not sound. */
  private boolean readBody(long groupAt, GroupHeader header, List<byte[]> records)
      throws IOException {
    if (size - groupAt < header.groupBytes()) {
      return false;
    }
    byte[] rest =
        bytesAt(
            groupAt + JournalFormat.GROUP_HEADER_BYTES,
            header.bodyBytes() + JournalFormat.END_BYTES);
    ByteBuffer body = ByteBuffer.wrap(rest);
    if (body.getInt(header.bodyBytes()) != JournalFormat.END
        || JournalFormat.crc(rest, header.bodyBytes()) != header.bodyCrc()) {
      return false;
    }
    for (int i = 0; i < header.records(); i++) {
      byte[] record = new byte[body.getInt()];
      body.get(record);
      records.add(record);
    }
    return true;
  }

  /**
   * The unsound piece of {@code length} bytes at {@code at} is the end of the journal.
   *
   * @param scanFrom where to look for later groups
   * @return whether anything was torn; false if there are only zeros
   * @throws JournalException if it is damage
   */
  private boolean endsAt(long at, long length, long scanFrom, long generation, long sequence)
      throws IOException, JournalException {
    long later = laterGroup(scanFrom, generation, sequence);
    if (later >= 0) {
      throw damaged(at, "group " + sequence + " is unsound, but a later one follows at " + later);
    }
    if (size - at >= length && !tearable(at, length)) {
      throw damaged(at, "group " + sequence + " is complete but its checksum is wrong");
    }
    return firstNonZero(at) >= 0;
  }

  /** Whether zeros stand where an interrupted write would leave them. */
  private boolean tearable(long at, long length) throws IOException {
    if (bytesAt(at + length - 1, 1)[0] == 0) {
      return true;
    }
    for (long from = at; from < at + length; ) {
      long to = Math.min(at + length, (from / SECTOR_BYTES + 1) * SECTOR_BYTES);
      if (isZero(bytesAt(from, (int) (to - from)))) {
        return true;
      }
      from = to;
    }
    return false;
  }

  /** Where a sound group of this file with a number above {@code sequence} stands, or −1. */
  private long laterGroup(long from, long generation, long sequence) throws IOException {
    int header = JournalFormat.GROUP_HEADER_BYTES;
    for (long at = firstNonZero(from); at >= 0 && at < size; ) {
      // The leading bytes of a header may be zeros, so a header can begin before the non-zero byte.
      long start = Math.max(from, at - header);
      byte[] window = bytesAt(start, SCAN_BYTES + header);
      ByteBuffer in = ByteBuffer.wrap(window);
      for (int i = 0; i + header <= window.length; i++) {
        if (in.getLong(i) == generation) {
          byte[] candidate = Arrays.copyOfRange(window, i, i + header);
          if (JournalFormat.isGroupHeader(candidate)
              && JournalFormat.readGroupHeader(candidate).sequence() > sequence) {
            return start + i;
          }
        }
      }
      at = firstNonZero(start + SCAN_BYTES);
    }
    return -1;
  }

  private long firstNonZero(long from) throws IOException {
    for (long at = from; at < size; at += SCAN_BYTES) {
      byte[] chunk = bytesAt(at, SCAN_BYTES);
      for (int i = 0; i < chunk.length; i++) {
        if (chunk[i] != 0) {
          return at + i;
        }
      }
    }
    return -1;
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Up to {@code length} bytes: fewer where the file ends. */
  private byte[] bytesAt(long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, Math.min(length, size - at)));
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        throw new IOException(name + " became shorter while it was read");
      }
    }
    return buffer.array();
  }

  private JournalException damaged(long offset, String what) {
    return new JournalException(name, offset, what);
  }
}
