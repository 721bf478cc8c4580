package org.quorate.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;

/**
 * A bit flips on the disk of a node that does not run. When it starts again, or is audited, what is
 * read is either refused or right: never is anything read that was not written.
 */
final class BitFlipTest {
  private static final int BLOCKS = 200;
  private static final int SMALL_FILE_BYTES_MAX = 1_500;
  private static final int FLIPS_IN_A_LARGE_FILE = 90;

  /** The blocks fill a few tables, and a part of a log. */
  private static final LevelDbStore.Settings SOME_TABLES =
      new LevelDbStore.Settings(128 << 10, 1 << 20, 100);

  /**
   * The blocks fill so many that LevelDB merges them. Where it finds damage it waits for a second,
   * so there are fewer flips.
   */
  private static final LevelDbStore.Settings MANY_TABLES =
      new LevelDbStore.Settings(32 << 10, 1 << 20, 100);

  private static final int TABLES_WRITTEN = 40;

  /** A disk in memory, where there is one: opening a database syncs several files. */
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir private Path temporary;
  private Path folder = Path.of("");
  private final TestChain chain = new TestChain();

  /** What was written, as it is read from the intact disk. */
  private Map<ByteString, ByteString> entries = new TreeMap<>();

  private final List<Checkpoint> checkpoints = new ArrayList<>();

  /** What came of a flip. */
  private enum Outcome {
    REFUSED,
    RIGHT,
    /** The end of the log is gone, as after a crash: an earlier block is the last. */
    SHORTER,
    WRONG
  }

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "bit-flip") : temporary;
  }

  private void writeBlocks(LevelDbStore.Settings settings) throws LedgerException {
    try (Ledger ledger = Ledger.open(LevelDbStore.open(closed(), settings), chain.spec())) {
      checkpoints.add(ledger.checkpoint());
      for (int i = 1; i <= BLOCKS; i++) {
        ledger.apply(
            chain.next(
                ledger,
                chain.put(2L * i, "key " + i, "value"),
                chain.put(2L * i + 1, "k", "" + i)));
        checkpoints.add(ledger.checkpoint());
        ledger.putCheckpointCertificate(chain.certificate(ledger.checkpoint(), 0, 1, 2));
      }
    }
  }

  @AfterEach
  void removeFolder() throws IOException {
    if (folder.equals(temporary)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) { // more than the closed one, if a flip failed
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private Path closed() {
    return folder.resolve("closed");
  }

  @Test
  void noFlippedBitIsReadAsSomethingElse() throws IOException, LedgerException {
    writeBlocks(SOME_TABLES);
    Map<String, Integer> outcomes = flip(SOME_TABLES, ".*", FLIPS_IN_A_LARGE_FILE, damaged -> {});
    assertThat(outcomes)
        .containsKeys("sst REFUSED", "MANIFEST REFUSED", "CURRENT REFUSED", "log SHORTER")
        .doesNotContainKeys("sst WRONG", "MANIFEST WRONG", "CURRENT WRONG", "log WRONG")
        .doesNotContainKeys("sst SHORTER", "MANIFEST SHORTER", "CURRENT SHORTER");
  }

  @Test
  void flippedBitIsNotMergedIntoATableWhoseChecksumFits() throws IOException, LedgerException {
    writeBlocks(MANY_TABLES);
    Map<String, Integer> outcomes = flip(MANY_TABLES, ".*sst", 1, this::merge);
    assertThat(outcomes).containsKey("sst REFUSED").doesNotContainKeys("sst WRONG", "sst SHORTER");
  }

  /** Writes until LevelDB has merged the tables several times, and leaves all as it was. */
  private void merge(Path damaged) {
    try (LevelDbStore store = LevelDbStore.open(damaged, MANY_TABLES)) {
      byte[] first = {0};
      byte[] last = {(byte) 0xff};
      for (int i = 0; i < TABLES_WRITTEN; i++) {
        byte[] value = new byte[MANY_TABLES.writeBufferBytes() / 2];
        store.write(new Batch().put(first, value).put(last, value), false);
      }
      store.write(new Batch().delete(first).delete(last), true);
    }
  }

  /**
   * How often what came of a flip, by kinds of files.
   *
   * @param life what is done with the damaged database before it is read
   */
  private Map<String, Integer> flip(
      LevelDbStore.Settings settings, String names, int flips, Consumer<Path> life)
      throws IOException {
    Path intact = copy(closed(), "none", 0);
    try (LevelDbStore store = LevelDbStore.open(intact, settings)) {
      entries = all(store);
    }
    delete(intact);
    Map<String, Integer> outcomes = new TreeMap<>();
    for (Path file : files(closed())) {
      String name = file.getFileName().toString();
      if (!name.matches(names)) {
        continue;
      }
      for (long bit : bits(Files.size(file), flips)) {
        Path damaged = copy(closed(), name, bit);
        Outcome outcome = outcome(damaged, settings, life);
        outcomes.merge(kind(name) + " " + outcome, 1, Integer::sum);
        assertThat(outcome).as(name + " bit " + bit).isNotEqualTo(Outcome.WRONG);
        delete(damaged);
      }
    }
    return outcomes;
  }

  private Outcome outcome(Path damaged, LevelDbStore.Settings settings, Consumer<Path> life) {
    try {
      life.accept(damaged);
    } catch (StorageException e) {
      return Outcome.REFUSED;
    }
    Map<ByteString, ByteString> read;
    try (LevelDbStore store = LevelDbStore.open(damaged, settings)) {
      read = all(store);
      // What is there must be found by its key too.
      for (ByteString key : read.keySet()) {
        if (!store.get(key.bytes()).map(ByteString::of).equals(Optional.of(read.get(key)))) {
          return Outcome.WRONG;
        }
      }
    } catch (StorageException e) {
      return Outcome.REFUSED;
    }
    return read.equals(entries) ? Outcome.RIGHT : shorter(damaged, settings);
  }

  /** Not all is there: either the ledger refuses it, or it is a whole ledger of fewer blocks. */
  private Outcome shorter(Path damaged, LevelDbStore.Settings settings) {
    try (Ledger ledger = Ledger.open(LevelDbStore.open(damaged, settings), chain.spec())) {
      int height = (int) ledger.checkpoint().height();
      if (!ledger.checkpoint().equals(checkpoints.get(height))) {
        return Outcome.WRONG;
      }
    } catch (LedgerException | StorageException e) {
      return Outcome.REFUSED;
    }
    try (LevelDbStore store = LevelDbStore.open(damaged, settings)) {
      AuditResult result =
          new LedgerAudit(store, chain.spec(), new MemoryStore(), Workers.NONE, AuditObserver.NONE)
              .run();
      // A node would start on it, so an audit must find no fault in it either.
      return result instanceof AuditResult.Sound ? Outcome.SHORTER : Outcome.WRONG;
    } catch (StorageException e) {
      return Outcome.REFUSED;
    }
  }

  private static Map<ByteString, ByteString> all(LevelDbStore store) {
    Map<ByteString, ByteString> all = new TreeMap<>();
    store.scan(
        new byte[0],
        (key, value) -> {
          all.put(ByteString.of(key), ByteString.of(value));
          return true;
        });
    return all;
  }

  private static String kind(String name) {
    return name.replaceAll("^[0-9]+\\.|-[0-9]+$", "");
  }

  /** Bits to flip: one in each byte of a small file, a sample in a large one. */
  private static List<Long> bits(long bytes, int flips) {
    Random random = new Random(bytes);
    List<Long> bits = new ArrayList<>();
    if (bytes <= SMALL_FILE_BYTES_MAX) {
      for (long at = 0; at < bytes; at++) {
        bits.add(8 * at + random.nextInt(8));
      }
      return bits;
    }
    for (int i = 0; i < flips; i++) {
      // A third of them at the end, where a table has its index.
      long at = i % 3 == 0 ? bytes - 1 - random.nextInt(200) : random.nextLong(bytes);
      bits.add(8 * at + random.nextInt(8));
    }
    return bits;
  }

  /** The files that hold data: LOG is for people, LOCK is empty. */
  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().matches("LOG|LOG.old|LOCK"))
          .sorted()
          .toList();
    }
  }

  /** The folder with a bit flipped in one file; the others are links, since no file is changed. */
  private Path copy(Path from, String damaged, long bit) throws IOException {
    Path to = Files.createTempDirectory(folder, "damaged");
    for (Path file : files(from)) {
      Path target = to.resolve(file.getFileName());
      if (file.getFileName().toString().equals(damaged)) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
        Files.write(target, bytes);
      } else {
        Files.createLink(target, file);
      }
    }
    return to;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
