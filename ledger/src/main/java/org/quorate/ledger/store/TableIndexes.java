package org.quorate.ledger.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Verifies what LevelDB does not: the checksum of each table's index ({@link TableFormat}). A bit
 * that flips in an index would lead it past entries that are there.
 */
final class TableIndexes {
  private TableIndexes() {}

  /**
   * The tables in {@code folder} whose indexes do not have their checksums. A file without the end
   * of a table is none: LevelDB itself refuses it, or a crash left it and it is of no use.
   */
  static List<Path> damaged(Path folder) throws IOException {
    List<Path> damaged = new ArrayList<>();
    for (Path table : tables(folder)) {
      if (isDamaged(table)) {
        damaged.add(table);
      }
    }
    return damaged;
  }

  /** The files of tables, by name. */
  static List<Path> tables(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[0-9]+\\.(sst|ldb)"))
          .sorted()
          .toList();
    }
  }

  private static boolean isDamaged(Path table) throws IOException {
    try (FileChannel file = FileChannel.open(table, StandardOpenOption.READ)) {
      Optional<TableFormat.Footer> footer = TableFormat.footer(file);
      return footer.isPresent()
          && (TableFormat.block(file, footer.get().metaIndex()).isEmpty()
              || TableFormat.block(file, footer.get().index()).isEmpty());
    } catch (NoSuchFileException e) {
      return false; // LevelDB has removed it meanwhile
    } catch (EOFException e) {
      return true;
    }
  }
}
