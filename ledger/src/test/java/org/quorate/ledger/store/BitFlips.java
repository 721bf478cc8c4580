package org.quorate.ledger.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Damages files as a disk does: in place, under whoever has them open. For tests of all modules.
 */
public final class BitFlips {
  /** The names of LevelDB's tables. */
  public static final String TABLES = ".*\\.(sst|ldb)";

  /** And of its logs. */
  public static final String TABLES_AND_LOGS = TABLES + "|.*\\.log";

  private static final int BIT = 0x10;

  private BitFlips() {}

  /** The files of a folder whose whole names match, in order. */
  public static List<Path> files(Path folder, String names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().matches(names)).sorted().toList();
    }
  }

  /** Flips a bit of the byte at that offset. */
  public static void flip(Path file, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ BIT)}), at);
    }
  }

  /**
   * Flips a bit in the middle of a value wherever the tables and logs of a database hold it.
   *
   * @throws AssertionError if they do not
   */
  public static void flip(Path folder, byte[] value) throws IOException {
    boolean found = false;
    for (Path file : files(folder, TABLES_AND_LOGS)) {
      byte[] bytes = Files.readAllBytes(file);
      for (int at = 0; at + value.length <= bytes.length; at++) {
        if (Arrays.equals(bytes, at, at + value.length, value, 0, value.length)) {
          flip(file, at + value.length / 2);
          found = true;
        }
      }
    }
    if (!found) {
      throw new AssertionError("the database in " + folder + " has no such value in one piece");
    }
  }

  /** Flips a bit of the index of each table. */
  public static void flipIndexes(Path folder) throws IOException {
    for (Path table : files(folder, TABLES)) {
      flip(table, Files.size(table) - 100);
    }
  }
}
