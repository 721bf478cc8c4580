package org.quorate.ledger.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.store.BlockEntries.Version;
import org.quorate.ledger.store.SortedTable.Lookup;

/**
 * What can still be read of a database of {@link LevelDbStore} that is damaged: its tables and logs
 * as they lie on the disk, without LevelDB, which would merge them when it opens them, refuse all
 * for one of them, or read past entries. Changes nothing, and nobody else may change them
 * meanwhile. What list of tables LevelDB keeps does not matter: of several versions of an entry the
 * newest counts, and a table that was to be removed has older ones.
 *
 * <p>Each byte that is handed out had its checksum. But where something cannot be read, what is
 * found at a key may be older than what was written last ({@link #isCertain}).
 *
 * <p>Owned by one thread.
 */
public final class DatabaseFiles implements KeyReader, AutoCloseable {
  /** Tables of which the index is held in memory, and the file open. */
  private static final int OPEN_MAX = 256;

  /** Tables whose keys do not overlap, rising: as many lists as tables may have one key. */
  private final List<List<Range>> levels;

  private final Map<byte[], Version> logged;
  private final boolean logsWhole;
  private final LinkedHashMap<Path, SortedTable> open = new LinkedHashMap<>(16, 0.75f, true);

  /** From which key on to which a table may have keys. */
  private static final class Range {
    final Path table;
    final byte[] from;
    final byte @Nullable [] to;

    Range(Path table, byte[] from, byte @Nullable [] to) {
      this.table = table;
      this.from = from;
      this.to = to;
    }

    boolean endsBefore(byte[] key) {
      return to != null && Arrays.compareUnsigned(to, key) < 0;
    }
  }

  private DatabaseFiles(List<List<Range>> levels, Map<byte[], Version> logged, boolean logsWhole) {
    this.levels = levels;
    this.logged = logged;
    this.logsWhole = logsWhole;
  }

  /**
   * Opens what is in {@code folder}.
   *
   * @throws StorageException if the folder cannot be listed
   */
  public static DatabaseFiles open(Path folder) {
    try {
      TreeMap<byte[], Version> logged = new TreeMap<>(Arrays::compareUnsigned);
      boolean whole = true;
      WriteLog.End last = WriteLog.End.WHOLE;
      for (Path log : logs(folder)) {
        whole &= last == WriteLog.End.WHOLE; // a crash tears the end of the last one
        last = read(log, logged);
      }
      whole &= last != WriteLog.End.GAP;
      List<Range> ranges = new ArrayList<>();
      for (Path table : TableIndexes.tables(folder)) {
        ranges.add(range(table));
      }
      return new DatabaseFiles(levels(ranges), logged, whole);
    } catch (IOException e) {
      throw new StorageException(
          "the files of the database " + folder + " cannot be listed: " + e.getMessage(), e);
    }
  }

  private static List<Path> logs(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[0-9]+\\.log"))
          .sorted()
          .toList();
    }
  }

  private static WriteLog.End read(Path log, Map<byte[], Version> into) {
    try {
      return WriteLog.read(log, into);
    } catch (IOException e) {
      return WriteLog.End.GAP;
    }
  }

  private static Range range(Path path) {
    try (SortedTable table = SortedTable.open(path)) {
      return new Range(path, table.from(), table.to());
    } catch (IOException e) {
      return new Range(path, new byte[0], null);
    }
  }

  private static List<List<Range>> levels(List<Range> ranges) {
    List<List<Range>> levels = new ArrayList<>();
    ranges.sort(Comparator.comparing(range -> range.from, Arrays::compareUnsigned));
    for (Range range : ranges) {
      List<Range> level =
          levels.stream()
              .filter(found -> found.get(found.size() - 1).endsBefore(range.from))
              .findFirst()
              .orElse(null);
      if (level == null) {
        level = new ArrayList<>();
        levels.add(level);
      }
      level.add(range);
    }
    return levels;
  }

  /**
   * The newest value at {@code key} that can be read.
   *
   * @throws StorageException if nothing is there that can be read, but may have been
   */
  @Override
  public Optional<byte[]> get(byte[] key) {
    Lookup found = lookup(key);
    Version version = found.version();
    if (version == null && found.inDoubt()) {
      throw new DamageException("what the database has at a key cannot be read");
    }
    return version == null
        ? Optional.empty()
        : Optional.ofNullable(version.value).map(byte[]::clone);
  }

  /** Whether nothing newer than what {@link #get} finds at a key can have been lost. */
  public boolean isCertain(byte[] key) {
    return !lookup(key).inDoubt();
  }

  private Lookup lookup(byte[] key) {
    Version newest = logged.get(key);
    boolean inDoubt = !logsWhole;
    for (List<Range> level : levels) {
      Optional<Range> range = holding(level, key);
      if (range.isPresent()) {
        Lookup found = table(range.get().table).map(table -> table.get(key)).orElse(Lookup.DOUBT);
        newest = Version.newer(newest, found.version());
        inDoubt |= found.inDoubt();
      }
    }
    return new Lookup(newest, inDoubt);
  }

  private static Optional<Range> holding(List<Range> level, byte[] key) {
    int low = 0;
    int high = level.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (level.get(middle).endsBefore(key)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < level.size() && Arrays.compareUnsigned(level.get(low).from, key) <= 0
        ? Optional.of(level.get(low))
        : Optional.empty();
  }

  private Optional<SortedTable> table(Path path) {
    SortedTable table = open.get(path);
    try {
      if (table == null) {
        table = SortedTable.open(path);
        open.put(path, table);
        if (open.size() > OPEN_MAX) {
          Iterator<SortedTable> oldest = open.values().iterator();
          oldest.next().close();
          oldest.remove();
        }
      }
      return Optional.of(table);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      for (SortedTable table : open.values()) {
        table.close();
      }
      open.clear();
    } catch (IOException e) {
      throw new StorageException("a table cannot be closed: " + e.getMessage(), e);
    }
  }
}
