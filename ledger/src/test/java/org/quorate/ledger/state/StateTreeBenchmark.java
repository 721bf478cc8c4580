package org.quorate.ledger.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.Table;

/**
 * What it costs to change a value of the state, by the number of keys and the size of blocks, with
 * the tree and without: keys drawn at random, values of 100 bytes, each block one synced batch in
 * LevelDB.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 10)
@Measurement(iterations = 5, time = 10)
@Fork(
    value = 1,
    jvmArgs = {"-Xms6g", "-Xmx6g"})
public class StateTreeBenchmark {
  private static final int CHANGES = 1_000;
  private static final int LOADED_AT_A_TIME = 10_000;

  /** Keys of the state. */
  @Param({"10000", "1000000", "10000000"})
  private int keys;

  /** Whether there is a tree over them. */
  @Param({"true", "false"})
  private boolean tree;

  /** What the tree may take, in megabytes. */
  @Param("1024")
  private long memory;

  /** How many changes are a block: a divisor of {@value CHANGES}. */
  @Param("1000")
  private int block;

  private final Random random = new Random(1);
  private Path folder;
  private LevelDbStore store;
  private StateTree state;
  private long height;

  /** Fills a new store. */
  @Setup(Level.Trial)
  public void load() throws IOException {
    folder = Files.createTempDirectory("state-tree");
    store = LevelDbStore.open(folder);
    state = StateTree.empty(store, TreeLimits.DEFAULTS.withMemoryBytesMax(memory << 20));
    for (int first = 0; first < keys; first += LOADED_AT_A_TIME) {
      Block next = new Block();
      for (int i = first; i < Math.min(keys, first + LOADED_AT_A_TIME); i++) {
        next.put(i);
      }
      next.write(false);
    }
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void remove() throws IOException {
    store.close();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(StateTreeBenchmark::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As many blocks as have a thousand changes; the figure is for one of these. */
  @Benchmark
  @OperationsPerInvocation(CHANGES)
  public void change() {
    for (int done = 0; done < CHANGES; done += block) {
      Block next = new Block();
      for (int i = 0; i < block; i++) {
        next.put(random.nextInt(keys));
      }
      next.write(true);
    }
  }

  /** As {@link WorldState} does it. */
  private final class Block {
    private final Batch batch = new Batch();
    private final TreeMap<Digest, Optional<Digest>> leaves = new TreeMap<>();

    void put(int number) {
      ByteString key = ByteString.utf8("account/" + number);
      byte[] bytes = new byte[100];
      ByteBuffer.wrap(bytes).putLong(random.nextLong());
      ByteString value = ByteString.of(bytes);
      Digest path = Namespace.APPLICATION.path(key);
      leaves.put(path, Optional.of(Digest.sha256(bytes)));
      ByteString namespaced = Namespace.APPLICATION.key(key.bytes());
      batch.put(Table.STATE.key(path.bytes()), new StateEntry(namespaced, value).encoded());
    }

    void write(boolean sync) {
      if (tree) {
        state.update(leaves, height++, batch);
      }
      store.write(batch, sync);
    }
  }
}
