package org.quorate.ledger.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A folder held by this process as long as this object is open. The lock is the operating system's,
 * so it ends with the process however that ends. The file holds the process id, for people.
 */
public final class FolderLock implements AutoCloseable {
  private static final int PROCESS_ID_BYTES_MAX = 20;

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder.
   *
   * @param name of the lock's file, which is made if it is not there
   * @throws FolderInUseException if somebody has it
   */
  public static FolderLock take(Path folder, String name) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = channel.tryLock() != null;
      if (!taken) {
        throw new FolderInUseException("it is in use by another process" + holder(channel), null);
      }
      channel.truncate(0);
      String process = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(process.getBytes(StandardCharsets.US_ASCII)), 0);
      return new FolderLock(channel);
    } catch (OverlappingFileLockException e) {
      throw new FolderInUseException("it is in use by this process", e);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(PROCESS_ID_BYTES_MAX);
    channel.read(buffer, 0);
    String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    return text.matches("[0-9]+\n") ? ", " + text.strip() : "";
  }

  /** Gives the folder back. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
