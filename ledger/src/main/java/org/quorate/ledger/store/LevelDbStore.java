package org.quorate.ledger.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBException;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.Snapshot;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;
import org.quorate.ledger.file.DiskRoom;

/**
 * A store in a folder, on LevelDB through leveldbjni.
 *
 * <p>The native library knows no mercy: to use a database, iterator or snapshot after the database
 * was closed crashes the process. So every use holds the read side of a lock whose write side
 * closes; {@link #close} waits for reads and writes under way, then ends the snapshots still open.
 */
public final class LevelDbStore implements KeyValueStore {
  /** Names the file that lists the others. */
  private static final String CURRENT = "CURRENT";

  /**
   * What is said of a checksum that does not fit, of files that are missing or empty, and of a
   * sector that cannot be read where the table is not mapped, else it ends the process. One that
   * cannot be written is no damage yet.
   */
  private static final Pattern DAMAGE =
      Pattern.compile(
          "Corruption: |Invalid argument: .*sstable|^cannot read from .*: Input/output error"
              + "|IO error: .*\\.(sst|ldb): (No such file|Invalid argument)");

  private static final Pattern DATA_FILE = Pattern.compile("[0-9]+\\.(log|sst|ldb)");

  private static final Pattern LIST_FILE = Pattern.compile("MANIFEST-[0-9]+\\n");

  /**
   * LevelDB writes to memory that maps its files. If the disk has no room for what is written
   * there, the process dies, and nobody is told why. So this many write buffers must be free to
   * open a database and for each write: LevelDB merges at most twelve new tables, each made of one
   * buffer, before it removes them, and meanwhile fills another and its log.
   */
  private static final int FREE_BUFFERS_MIN = 16;

  private final Path folder;
  private final DB database;
  private final DiskRoom room;
  private final long freeBytesMin;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final Queue<Native> snapshots = new ConcurrentLinkedQueue<>();

  /** Changed under the write side of the lock only. */
  private boolean closed;

  private LevelDbStore(Path folder, DB database, DiskRoom room, long freeBytesMin) {
    this.folder = folder;
    this.database = database;
    this.room = room;
    this.freeBytesMin = freeBytesMin;
  }

  /**
   * How much memory a database may take.
   *
   * @param writeBufferBytes bytes of writes gathered in memory before they become a table;
   *     LevelDB's 4 MiB stalls a large batch for most of a second
   * @param blockCacheBytes bytes of tables kept in memory
   * @param openFilesMax table files kept open
   */
  public record Settings(int writeBufferBytes, long blockCacheBytes, int openFilesMax) {
    /** Measured to write batches of a thousand entries without stalls. */
    public static final Settings DEFAULTS = new Settings(32 << 20, 32 << 20, 500);

    /** Bytes that must be free on the disk: with less the database is not opened, nor written. */
    public long freeBytesMin() {
      return (long) FREE_BUFFERS_MIN * writeBufferBytes;
    }
  }

  /**
   * Opens the database in {@code folder}, which is made if it is not there.
   *
   * @throws DamageException if it is damaged
   * @throws StorageException if another process has it open, or it cannot be written
   */
  public static LevelDbStore open(Path folder, Settings settings) {
    try {
      refuseBeheaded(folder);
      Files.createDirectories(folder);
      return open(folder, settings, true, DiskRoom.of(folder));
    } catch (IOException e) {
      throw failed(folder, "cannot open", e);
    }
  }

  /**
   * Opens the database in {@code folder}, which must be there.
   *
   * @throws StorageException also if there is none
   */
  public static LevelDbStore openExisting(Path folder) {
    if (!Files.exists(folder.resolve(CURRENT))) { // LevelDB would leave a lock and a log
      throw new StorageException("there is no database in " + folder + ": no file " + CURRENT);
    }
    try {
      return open(folder, Settings.DEFAULTS, false, DiskRoom.of(folder));
    } catch (IOException e) {
      throw failed(folder, "cannot open", e);
    }
  }

  /** Without a list of its tables LevelDB would take it for a new one, and remove all its data. */
  private static void refuseBeheaded(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      Path current = folder.resolve(CURRENT);
      if (Files.exists(current)) {
        String named = Files.readString(current, StandardCharsets.ISO_8859_1);
        if (!LIST_FILE.matcher(named).matches() || !Files.exists(folder.resolve(named.strip()))) {
          throw new DamageException(
              "cannot open the database " + folder + ": its file CURRENT names no list of tables");
        }
      } else if (files.anyMatch(f -> DATA_FILE.matcher(f.getFileName().toString()).matches())) {
        throw new DamageException(
            "cannot open the database " + folder + ": it has data, but no file " + CURRENT);
      }
    } catch (IOException e) {
      throw failed(folder, "cannot open", e);
    }
  }

  /** With a word of one's own on the room that the disk has left. */
  static LevelDbStore open(Path folder, Settings settings, boolean make, DiskRoom room)
      throws IOException {
    try {
      room.require(settings.freeBytesMin());
      List<Path> suspects = TableIndexes.damaged(folder);
      DB database = openChecked(folder, options(settings, make));
      if (!suspects.isEmpty()) {
        refuseDamaged(folder, database);
      }
      return new LevelDbStore(folder, database, room, settings.freeBytesMin());
    } catch (DBException e) {
      throw failed(folder, "cannot open", e);
    }
  }

  /** What is left of a table that a crash cut short was removed when the database was opened. */
  private static void refuseDamaged(Path folder, DB database) throws IOException {
    List<Path> damaged = TableIndexes.damaged(folder);
    if (!damaged.isEmpty()) {
      database.close();
      throw new DamageException("the database is damaged: the index of " + damaged.get(0));
    }
  }

  /**
   * Opens the database with LevelDB's paranoid checks. Without them it does not verify the
   * checksums of what it merges into new tables, where damage would get a checksum that fits.
   *
   * <p>But a crash in the middle of a write leaves a torn record at the end of the log, which
   * paranoid checks refuse for ever. So a log that they refuse is first read without: what is torn
   * is dropped, as it must be, and the rest becomes a table. Whether more was lost is for the user
   * of the store to tell.
   */
  private static DB openChecked(Path folder, Options options) throws IOException {
    try {
      return JniDBFactory.factory.open(folder.toFile(), options.paranoidChecks(true));
    } catch (IOException | DBException refused) {
      JniDBFactory.factory.open(folder.toFile(), options.paranoidChecks(false)).close();
      return JniDBFactory.factory.open(folder.toFile(), options.paranoidChecks(true));
    }
  }

  private static Options options(Settings settings, boolean make) {
    return new Options()
        .createIfMissing(make)
        .verifyChecksums(true)
        .compressionType(CompressionType.NONE) // digests and signatures do not compress
        .writeBufferSize(settings.writeBufferBytes())
        .cacheSize(settings.blockCacheBytes())
        .maxOpenFiles(settings.openFilesMax());
  }

  /** As {@link #open(Path, Settings)} with {@link Settings#DEFAULTS}. */
  public static LevelDbStore open(Path folder) {
    return open(folder, Settings.DEFAULTS);
  }

  @Override
  public Optional<byte[]> get(byte[] key) {
    return get(key, options());
  }

  @Override
  public void scan(byte[] prefix, byte[] from, Visitor visitor) {
    scan(prefix, from, visitor, options());
  }

  @Override
  public StoreSnapshot snapshot() {
    return reading(
        "cannot take a snapshot of",
        () -> {
          Native snapshot = new Native(database.getSnapshot());
          snapshots.add(snapshot);
          return snapshot;
        });
  }

  @Override
  public void write(Batch batch, boolean sync) {
    reading(
        "cannot write to",
        () -> {
          requireRoom("cannot write to");
          try (WriteBatch writes = database.createWriteBatch()) {
            for (Batch.Change change : batch.changes()) {
              byte[] value = change.value;
              if (value == null) {
                writes.delete(change.key);
              } else {
                writes.put(change.key, value);
              }
            }
            database.write(writes, new WriteOptions().sync(sync));
            return true;
          } catch (IOException e) {
            throw failed(folder, "cannot write to", e);
          }
        });
  }

  @Override
  public void compact(byte[] from, byte[] to) {
    reading(
        "cannot compact",
        () -> {
          requireRoom("cannot compact");
          database.compactRange(from, to);
          return true;
        });
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      for (Native snapshot : snapshots) {
        snapshot.release();
      }
      closed = true;
      database.close();
    } catch (IOException | DBException e) {
      throw failed(folder, "cannot close", e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private Optional<byte[]> get(byte[] key, ReadOptions options) {
    return reading("cannot read from", () -> Optional.ofNullable(database.get(key, options)));
  }

  private void scan(byte[] prefix, byte[] from, Visitor visitor, ReadOptions options) {
    reading(
        "cannot read from",
        () -> {
          try (DBIterator iterator = database.iterator(options.fillCache(false))) {
            seek(iterator, from);
            while (iterator.hasNext()) {
              Map.Entry<byte[], byte[]> entry = next(iterator);
              if (!Prefix.of(prefix, entry.getKey())
                  || !visitor.visit(entry.getKey(), entry.getValue())) {
                break;
              }
            }
            return true;
          } catch (IOException e) {
            throw failed(folder, "cannot read from", e);
          }
        });
  }

  private void requireRoom(String what) {
    try {
      room.require(freeBytesMin);
    } catch (IOException e) {
      throw failed(folder, what, e);
    }
  }

  /** An iterator throws what is no {@link DBException} when it meets damage. */
  private void seek(DBIterator iterator, byte[] from) {
    try {
      iterator.seek(from);
    } catch (RuntimeException e) {
      throw failed(folder, "cannot read from", e);
    }
  }

  private Map.Entry<byte[], byte[]> next(DBIterator iterator) {
    try {
      return iterator.next();
    } catch (RuntimeException e) {
      throw failed(folder, "cannot read from", e);
    }
  }

  /** Runs {@code use} while the database cannot be closed. */
  private <T> T reading(String what, Supplier<T> use) {
    Lock open = lock.readLock();
    open.lock();
    try {
      checkOpen();
      return use.get();
    } catch (DBException e) {
      throw failed(folder, what, e);
    } finally {
      open.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new StorageException("the database " + folder + " is closed");
    }
  }

  private static ReadOptions options() {
    return new ReadOptions().verifyChecksums(true);
  }

  private static StorageException failed(Path folder, String what, Exception e) {
    String message = what + " the database " + folder + ": " + String.valueOf(e.getMessage());
    return DAMAGE.matcher(message).find()
        ? new DamageException(message, e)
        : new StorageException(message, e);
  }

  /** A snapshot, which the database's end takes along. */
  private final class Native implements StoreSnapshot {
    private final Snapshot moment;
    private boolean released;

    Native(Snapshot moment) {
      this.moment = moment;
    }

    @Override
    public Optional<byte[]> get(byte[] key) {
      return reading(
          "cannot read from", () -> Optional.ofNullable(database.get(key, ofThisMoment())));
    }

    @Override
    public void scan(byte[] prefix, byte[] from, Visitor visitor) {
      LevelDbStore.this.scan(prefix, from, visitor, ofThisMoment());
    }

    private ReadOptions ofThisMoment() {
      if (released) {
        throw new StorageException("the snapshot of the database " + folder + " is closed");
      }
      return options().snapshot(moment);
    }

    @Override
    public void close() {
      Lock open = lock.readLock();
      open.lock();
      try {
        if (!released) {
          release();
          snapshots.remove(this);
        }
      } finally {
        open.unlock();
      }
    }

    void release() {
      try {
        released = true;
        moment.close();
      } catch (IOException e) {
        throw failed(folder, "cannot end a snapshot of", e);
      }
    }
  }
}
