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
   * @throws FullDiskException if less than {@code bytes} are free
   * @throws IOException if that cannot be told
   */
  default void require(long bytes) throws IOException {
    long free = freeBytes();
    if (free < bytes) {
      throw new FullDiskException(free, bytes);
    }
  }
}
