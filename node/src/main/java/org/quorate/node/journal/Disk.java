package org.quorate.node.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The files of a journal's folder, and what of them is durable. {@link FolderOnDisk} is the real
 * one; simulations and tests have disks that count, fail, or lose what was not synced.
 */
public interface Disk {
  /**
   * How far ahead of use a file is filled with zeros, in bytes: so that an append changes none of
   * the file system's own data. A journal is rewritten when it has grown by eight times as much.
   */
  int extentBytes();

  /** A number that, in all likelihood, no other file of any disk has. */
  long unique();

  /** Whether a file of that name is there. */
  boolean exists(String name) throws IOException;

  /** Opens the file of that name, which is there. */
  DiskFile open(String name) throws IOException;

  /** Opens a new, empty file; one of that name is emptied. */
  DiskFile create(String name) throws IOException;

  /** Removes the file of that name, if it is there. */
  void delete(String name) throws IOException;

  /** Gives a file the name of another, which is gone then: both at one instant, or nothing. */
  void replace(String from, String to) throws IOException;

  /** Makes which names there are durable. */
  void syncNames() throws IOException;

  /** Where it is, for people. */
  @Override
  String toString();

  /** An open file. Owned by one thread. */
  interface DiskFile extends AutoCloseable {
    long size() throws IOException;

    /** Reads some bytes at {@code position}; −1 at the end of the file. */
    int read(ByteBuffer to, long position) throws IOException;

    /** Writes some bytes at {@code position}. */
    int write(ByteBuffer from, long position) throws IOException;

    void truncate(long size) throws IOException;

    /**
     * Makes durable what was written.
     *
     * @param metadata whether its size, too
     */
    void force(boolean metadata) throws IOException;

    @Override
    void close() throws IOException;
  }
}
