package org.quorate.node.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A folder held by this process as long as this object is open. The lock is the operating system's,
 * so it ends with the process however that ends. The file holds the process id, for people.
 */
final class FolderLock implements AutoCloseable {
  private static final int PROCESS_ID_BYTES_MAX = 20;

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a data folder.
   *
   * @param name of the lock's file, which is made if it is not there
   * @throws DataFolderException if the folder is in use
   */
  static FolderLock take(Path folder, String name) throws IOException, DataFolderException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(name),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      FileLock held = channel.tryLock();
      if (held == null) {
        throw new DataFolderException(
            "the data folder " + folder + " is in use by another process" + holder(channel));
      }
      locked = true;
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
          0);
      return new FolderLock(channel);
    } catch (OverlappingFileLockException e) {
      throw new DataFolderException("the data folder " + folder + " is in use by this process", e);
    } finally {
      if (!locked) {
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
