package org.quorate.ledger.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is as it was or as it is to be, whenever the process or the machine dies. */
public final class WholeFile {
  /** What follows the name of a file until it is whole; a crash may leave such a file behind. */
  public static final String UNFINISHED = ".new";

  private WholeFile() {}

  /** Puts a file with these bytes in its place; when this returns it is on disk under its name. */
  public static void replace(Path file, byte[] bytes) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    write(unfinished, bytes);
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncName(file);
  }

  /** Writes a file whose bytes are on disk when this returns; its name need not be. */
  public static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /** The name of a file that was made, moved or removed is so on disk when this returns. */
  public static void syncName(Path file) throws IOException {
    syncNames(file.toAbsolutePath().resolveSibling("."));
  }

  /** As {@link #syncName} for all that is in a folder. */
  public static void syncNames(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
