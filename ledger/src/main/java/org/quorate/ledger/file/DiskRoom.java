package org.quorate.ledger.file;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** The room that a disk has left. */
@FunctionalInterface
public interface DiskRoom {
  /** Bytes that this process may still write, as far as the disk tells. */
  long freeBytes() throws IOException;

  /** That of the disk on which {@code there} is. To ask it again costs a system call. */
  static DiskRoom of(Path there) throws IOException {
    FileStore disk = Files.getFileStore(there);
    return disk::getUsableSpace;
  }

  /**
   * Refuses to go on where there is too little.
   *
   * @throws IOException if less than {@code bytes} are free, or that cannot be told
   */
  default void require(long bytes) throws IOException {
    long free = freeBytes();
    if (free < bytes) {
      throw new IOException(
          "the disk has %d MiB left, and %d MiB must be free".formatted(free >> 20, bytes >> 20));
    }
  }
}
