package org.quorate.cli.light;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.ExitCode;

/** Keeps a folder to one process; the file {@code LOCK} says which. Ends with that process. */
final class FolderLock implements AutoCloseable {
  static final String FILE = "LOCK";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the folder.
   *
   * @throws CommandFailure if another has it
   */
  static FolderLock take(Path folder) throws CommandFailure, IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = channel.tryLock() != null;
      if (!taken) {
        throw inUse(folder, null);
      }
      channel.truncate(0);
      String process = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(process.getBytes(StandardCharsets.US_ASCII)), 0);
      return new FolderLock(channel);
    } catch (OverlappingFileLockException e) {
      throw inUse(folder, e);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private static CommandFailure inUse(Path folder, @Nullable Exception cause) {
    String message =
        folder
            + " is in use by another command (process number in LOCK); try again when it is done";
    return cause == null
        ? new CommandFailure(ExitCode.FAILED, message)
        : new CommandFailure(ExitCode.FAILED, message, cause);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
