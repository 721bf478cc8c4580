package org.quorate.node.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.quorate.node.journal.Disk.DiskFile;
import org.quorate.node.journal.JournalFormat.GroupHeader;

/**
 * An append-only file of opaque records; {@link #append} returns when they are on disk. The byte
 * layout stands at {@link JournalFormat}.
 *
 * <p>Space is filled with zeros and synced ahead of use, so that an append changes no metadata of
 * the file and costs one {@code fdatasync}. When the file has grown, the owner hands what still
 * matters to {@link #rewrite}.
 *
 * <p>After any {@link IOException} nothing is known about the disk (a failed sync may have dropped
 * the pages it was asked to write), so the journal refuses to go on and the node must stop. Owned
 * by one thread, which must not be interrupted: an interrupt closes the file.
 */
public final class Journal implements AutoCloseable {
  /** The longest record, in bytes. */
  public static final int RECORD_BYTES_MAX = 16 << 20;

  /** The most that one append takes, in bytes with four more for each record. */
  public static final int GROUP_BYTES_MAX = 256 << 20;

  /** Of the groups of a rewrite. */
  private static final int REWRITE_GROUP_BYTES_MAX = 64 << 20;

  private static final String NAME = "journal";
  private static final String NEW_NAME = "journal.new";
  private static final int GROWTH_EXTENTS_MAX = 8;
  private static final int BUFFER_BYTES = 1 << 20;

  private final Disk disk;
  private final ByteBuffer buffer;
  private DiskFile file;
  private long generation;
  private long nextSequence;
  private long end;
  private long allocated;
  private long bytesAfterRewrite;
  private boolean failed;

  /**
   * An open journal and what it holds.
   *
   * @param records in the order of writing; the receiver owns them
   * @param torn whether an append that a crash had cut short was dropped: it had not returned, so
   *     nothing was said on the strength of it
   */
  public record Opened(Journal journal, List<byte[]> records, boolean torn) {}

  private Journal(Disk disk, DiskFile file) {
    this.disk = disk;
    this.file = file;
    this.buffer = ByteBuffer.allocateDirect(Math.min(BUFFER_BYTES, disk.extentBytes()));
  }

  /** Whether a folder holds a journal. */
  public static boolean exists(Path directory) {
    return Files.exists(directory.resolve(NAME));
  }

  /**
   * Opens the journal of a folder, or makes an empty one if there is none.
   *
   * @throws JournalException if it is damaged
   * @throws IOException if it cannot be read or written
   */
  public static Opened open(Path directory) throws IOException, JournalException {
    return open(new FolderOnDisk(directory));
  }

  /** As above, on any disk. */
  public static Opened open(Disk disk) throws IOException, JournalException {
    disk.delete(NEW_NAME); // a rewrite that a crash cut short
    if (!disk.exists(NAME)) {
      DiskFile file = disk.create(NEW_NAME);
      Journal journal = new Journal(disk, file);
      journal.guard(() -> journal.fillAndReplace(file, List.of()));
      return new Opened(journal, List.of(), false);
    }
    DiskFile file = disk.open(NAME);
    try {
      JournalReader.Contents contents = new JournalReader(disk + "/" + NAME, file).read();
      Journal journal = new Journal(disk, file);
      journal.generation = contents.generation();
      journal.nextSequence = contents.nextSequence();
      journal.end = contents.end();
      journal.allocated = file.size();
      journal.guard(() -> journal.settle(contents.torn()));
      return new Opened(journal, contents.records(), contents.torn());
    } catch (IOException | JournalException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Writes the records and syncs once; an empty list does nothing. When this returns they are on
   * disk, all of them; if it does not return, all or none will be there.
   *
   * @throws IllegalArgumentException if a record is longer than {@link #RECORD_BYTES_MAX} or all
   *     together than {@link #GROUP_BYTES_MAX}
   * @throws IOException if the disk fails, now or earlier; the node must stop
   */
  public void append(List<byte[]> records) throws IOException {
    check(records);
    if (!records.isEmpty()) {
      guard(
          () -> {
            write(records);
            file.force(false);
          });
    }
  }

  /**
   * Replaces all that was written before by these records, atomically: after a crash the old
   * journal is there or the new one. They may have any number of bytes together.
   *
   * @throws IllegalArgumentException if a record is longer than {@link #RECORD_BYTES_MAX}
   * @throws IOException as {@link #append}
   */
  public void rewrite(List<byte[]> records) throws IOException {
    records.forEach(Journal::check);
    guard(
        () -> {
          DiskFile old = file;
          fillAndReplace(disk.create(NEW_NAME), records);
          old.close();
          bytesAfterRewrite = end;
        });
  }

  /** Bytes in use, without the space filled ahead: what {@link #rewrite} can win back. */
  public long bytes() {
    return end;
  }

  /** Whether so much was appended since the start, or the last rewrite, that one is worth while. */
  public boolean hasGrown() {
    return end - bytesAfterRewrite > (long) GROWTH_EXTENTS_MAX * disk.extentBytes();
  }

  /** Closes the file; everything appended is on disk already. */
  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Fills a new file, syncs it, gives it the journal's name, and syncs the folder. */
  private void fillAndReplace(DiskFile newFile, List<byte[]> records) throws IOException {
    file = newFile;
    generation = disk.unique();
    nextSequence = 0;
    end = 0;
    allocated = 0;
    buffer.clear();
    writeAt(ByteBuffer.wrap(JournalFormat.fileHeader(generation)));
    // Several groups, for the file is not the journal before it is synced as a whole.
    for (List<byte[]> group : groups(records)) {
      write(group);
    }
    allocate(end + 1);
    file.force(true);
    disk.replace(NEW_NAME, NAME);
    disk.syncNames();
  }

  /**
   * Makes what was read durable: after a mere crash of the process it may stand in the system's
   * cache alone, and the replica is about to act on it. Cuts off a torn group.
   */
  private void settle(boolean torn) throws IOException {
    if (torn) {
      file.truncate(end);
      allocated = end;
    }
    allocate(end + 1);
    file.force(true);
    disk.syncNames();
  }

  private void write(List<byte[]> records) throws IOException {
    GroupHeader header = JournalFormat.groupHeader(generation, nextSequence, records);
    if (end + header.groupBytes() > allocated) {
      allocate(end + header.groupBytes());
      file.force(true);
    }
    buffer.clear();
    put(header.encoded());
    for (byte[] record : records) {
      putInt(record.length);
      put(record);
    }
    putInt(JournalFormat.END);
    drain();
    nextSequence++;
  }

  private void put(byte[] bytes) throws IOException {
    for (int from = 0; from < bytes.length; ) {
      if (!buffer.hasRemaining()) {
        drain();
      }
      int length = Math.min(buffer.remaining(), bytes.length - from);
      buffer.put(bytes, from, length);
      from += length;
    }
  }

  private void putInt(int value) throws IOException {
    if (buffer.remaining() < Integer.BYTES) {
      drain();
    }
    buffer.putInt(value);
  }

  private void drain() throws IOException {
    writeAt(buffer.flip());
    buffer.clear();
  }

  private void writeAt(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      end += file.write(bytes, end);
    }
    allocated = Math.max(allocated, end);
  }

  /** Fills the file with zeros so that it has at least {@code bytes}, in whole extents. */
  private void allocate(long bytes) throws IOException {
    long extent = disk.extentBytes();
    long wanted = (bytes + extent - 1) / extent * extent;
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, extent));
    while (allocated < wanted) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), wanted - allocated));
      while (zeros.hasRemaining()) {
        allocated += file.write(zeros, allocated);
      }
    }
  }

  private static List<List<byte[]>> groups(List<byte[]> records) {
    List<List<byte[]>> groups = new ArrayList<>();
    long bytes = 0;
    for (byte[] record : records) {
      if (groups.isEmpty() || bytes + record.length > REWRITE_GROUP_BYTES_MAX) {
        groups.add(new ArrayList<>());
        bytes = 0;
      }
      groups.get(groups.size() - 1).add(record);
      bytes += record.length;
    }
    return groups;
  }

  private static void check(byte[] record) {
    if (record.length > RECORD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a record has at most " + RECORD_BYTES_MAX + " bytes, not " + record.length);
    }
  }

  private static void check(List<byte[]> records) {
    long bytes = 0;
    for (byte[] record : records) {
      check(record);
      bytes += 4L + record.length;
    }
    if (bytes > GROUP_BYTES_MAX) {
      throw new IllegalArgumentException(
          "one append takes at most " + GROUP_BYTES_MAX + " bytes, not " + bytes);
    }
  }

  /** Something that the disk may fail at. */
  private interface Step {
    void run() throws IOException;
  }

  private void guard(Step step) throws IOException {
    if (failed) {
      throw new IOException("the journal in " + disk + " failed before: stop the node");
    }
    failed = true;
    step.run();
    failed = false;
  }
}
