package org.quorate.cli.light;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.file.WholeFile;

/**
 * The hashes of the blocks of one segment, 32 bytes each and nothing else. Is only ever appended
 * to; what lies beyond the hashes that the head counts was being written when a process died, and
 * is cut off. Owned by one thread.
 */
final class HashFile implements AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 10;

  private final FileChannel channel;

  /** Of the hashes so far: goes on with each that is appended. */
  private final MessageDigest running;

  private long count;

  private HashFile(FileChannel channel, MessageDigest running, long count) {
    this.channel = channel;
    this.running = running;
    this.count = count;
  }

  /** Makes an empty file, also in place of one that is there. */
  static HashFile create(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    WholeFile.syncName(file); // before a head counts on it
    return new HashFile(channel, sha256(), 0);
  }

  /**
   * Opens a file and reads all of it that counts.
   *
   * @param segment whose hashes it should hold
   * @param writable whether hashes may be appended; cuts off what lies beyond the segment's
   * @return empty if the file is too short, or a bit of it is not as it was
   */
  static Optional<HashFile> open(Path file, Segment segment, boolean writable) throws IOException {
    FileChannel channel =
        writable
            ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
            : FileChannel.open(file, StandardOpenOption.READ);
    boolean good = false;
    try {
      HashFile opened = new HashFile(channel, sha256(), segment.count());
      good =
          channel.size() / Digest.BYTES >= segment.count()
              && opened.readAll().equals(segment.digest());
      if (good && writable) {
        channel.truncate(segment.count() * Digest.BYTES);
      }
      return good ? Optional.of(opened) : Optional.empty();
    } finally {
      if (!good) {
        channel.close();
      }
    }
  }

  private Digest readAll() throws IOException {
    forEachChunk(running::update);
    return digest();
  }

  private interface Chunk {
    void accept(ByteBuffer bytes) throws IOException;
  }

  private void forEachChunk(Chunk chunk) throws IOException {
    long end = count * Digest.BYTES;
    for (long at = 0; at < end; ) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, end - at));
      readFully(bytes, at);
      at += bytes.limit();
      chunk.accept(bytes);
    }
  }

  private void readFully(ByteBuffer bytes, long position) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("a file of hashes has become shorter while it was read");
      }
    }
    bytes.flip();
  }

  /** SHA-256 over all hashes. */
  Digest digest() {
    try {
      return Digest.of(((MessageDigest) running.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the SHA-256 of every Java platform can be cloned", e);
    }
  }

  long count() {
    return count;
  }

  /**
   * The hash at a place.
   *
   * @param index from 0, below {@link #count}
   */
  Digest hash(long index) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Digest.BYTES);
    readFully(bytes, index * Digest.BYTES);
    return Digest.of(bytes.array());
  }

  /** Appends hashes; they are on the disk when this returns. */
  void append(List<Digest> hashes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(hashes.size() * Digest.BYTES);
    hashes.forEach(hash -> bytes.put(hash.bytes()));
    append(bytes.flip());
    channel.force(false);
  }

  /** Appends all hashes of another file; they are on the disk when this returns. */
  void append(HashFile other) throws IOException {
    other.forEachChunk(this::append);
    channel.force(false);
  }

  private void append(ByteBuffer bytes) throws IOException {
    running.update(bytes.duplicate());
    long position = count * Digest.BYTES;
    count += bytes.remaining() / Digest.BYTES;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
