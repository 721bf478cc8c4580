package org.quorate.cli.light;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is as it was or as it is to be, whenever the process or the machine dies. */
final class WholeFile {
  /** What follows the name of a file until it is whole. */
  static final String UNFINISHED = ".new";

  private WholeFile() {}

  /** Puts a file with these bytes in its place; it is on the disk when this returns. */
  static void replace(Path file, byte[] bytes) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncName(file);
  }

  /** The name of a file that was made is on the disk when this returns. */
  static void syncName(Path file) throws IOException {
    try (FileChannel folder = FileChannel.open(parent(file), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " is no file in a folder");
    }
    return parent;
  }
}
