package org.quorate.node;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** How much is on disk. */
final class DiskUse {
  private DiskUse() {}

  /** The bytes of all files below {@code folder}; files that come or go meanwhile may be missed. */
  static long bytes(Path folder) throws IOException {
    long[] bytes = {0};
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // gone meanwhile
          }
        });
    return bytes[0];
  }
}
