package org.quorate.cli.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts a client's nonces in a file beside its key, {@code NAME.pem.nonce}, so that none is used
 * for two transactions, not even by two commands that run at the same time or after a crash: a
 * nonce is on the disk as used before it is handed out. A lost nonce does no harm; the chain lets
 * nonces leave gaps.
 *
 * <p>The file holds the highest nonce handed out, in decimal digits and a newline. Safe for use by
 * any thread and process of one machine. A key used on two machines needs two clients.
 */
public final class NonceFile {
  /** What follows the name of the key's file. */
  public static final String SUFFIX = ".nonce";

  private static final int FILE_BYTES_MAX = 32;

  /** File locks are the process's, not the thread's: threads queue here first. */
  private static final ReentrantLock THIS_PROCESS = new ReentrantLock();

  private final Path file;

  private NonceFile(Path file) {
    this.file = file;
  }

  /** The counter of the key in {@code keyFile}. */
  public static NonceFile beside(Path keyFile) {
    return new NonceFile(keyFile.resolveSibling(keyFile.getFileName() + SUFFIX));
  }

  /** Where the counter is kept. */
  public Path file() {
    return file;
  }

  /** Tells where to begin. */
  public interface Start {
    /** The highest nonce in use, 0 if none. */
    long highest() throws NoAnswerException, InterruptedException;
  }

  /**
   * Takes {@code count} nonces, one after the other, and tells the first.
   *
   * @param count at least 1
   * @param start asked when there is no counter yet, usually the network
   * @throws IOException if the file cannot be read or written, or does not hold a counter
   * @throws NoAnswerException if {@code start} does; no counter is begun then
   */
  public long reserve(int count, Start start)
      throws IOException, NoAnswerException, InterruptedException {
    if (count < 1) {
      throw new IllegalArgumentException("at least one nonce is reserved, not " + count);
    }
    THIS_PROCESS.lock();
    try (FileChannel channel = open()) {
      long before = channel.size() == 0 ? start.highest() : read(channel);
      if (Long.MAX_VALUE - before < count) {
        throw new IOException(file + ": the client has used all nonces up to 2^63-1");
      }
      write(channel, before + count);
      return before + 1;
    } finally {
      THIS_PROCESS.unlock();
    }
  }

  /**
   * As {@link #reserve}, from a counter that was begun before.
   *
   * @throws IOException also if there is none
   */
  public long reserveMore(int count) throws IOException, InterruptedException {
    try {
      return reserve(
          count,
          () -> {
            throw new NoAnswerException(file + " is gone", false, false, List.of());
          });
    } catch (NoAnswerException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Raises the counter to at least {@code highest}, or begins it there.
   *
   * @throws IOException as {@link #reserve}
   */
  public void raiseTo(long highest) throws IOException {
    THIS_PROCESS.lock();
    try (FileChannel channel = open()) {
      write(channel, channel.size() == 0 ? highest : Math.max(highest, read(channel)));
    } finally {
      THIS_PROCESS.unlock();
    }
  }

  /** Opens the file for this thread of this process alone, until the channel is closed. */
  private FileChannel open() throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    channel.lock();
    return channel;
  }

  private long read(FileChannel channel) throws IOException {
    if (channel.size() <= FILE_BYTES_MAX) {
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
        // until all of it is there
      }
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
      if (text.matches("[0-9]{1,19}\n")) {
        try {
          return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
          throw notACounter(e);
        }
      }
    }
    throw notACounter(null);
  }

  private IOException notACounter(@Nullable Throwable cause) {
    return new IOException(
        file
            + " does not hold a nonce counter. Remove it, and the next command asks the network"
            + " where to go on",
        cause);
  }

  /**
   * Always the same number of bytes, over those before: the file is never shorter or empty in
   * between, which would start the count again.
   */
  private static void write(FileChannel channel, long counter) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(String.format("%019d\n", counter).getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
    channel.force(true);
  }
}
