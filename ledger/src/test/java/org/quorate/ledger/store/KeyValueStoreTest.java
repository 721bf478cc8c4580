package org.quorate.ledger.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What both stores promise, and what only LevelDB must bear. */
final class KeyValueStoreTest {
  @TempDir private Path folder;

  private KeyValueStore open(String kind) {
    return kind.equals("memory") ? new MemoryStore() : LevelDbStore.open(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "leveldb"})
  void laterChangeOfABatchCounts(String kind) {
    try (KeyValueStore store = open(kind)) {
      store.write(put(new Batch(), "a", "1").delete(bytes("a")), true);
      assertThat(text(store, "a")).isEqualTo("none");
      store.write(put(new Batch().delete(bytes("a")), "a", "2"), false);
      assertThat(text(store, "a")).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "leveldb"})
  void scanVisitsThePrefixInOrderOfUnsignedBytes(String kind) {
    try (KeyValueStore store = open(kind)) {
      Batch batch = new Batch();
      for (byte[] key :
          List.of(
              new byte[] {1, -1},
              new byte[] {1},
              new byte[] {1, 0},
              new byte[] {1, 127},
              new byte[] {2},
              new byte[] {0, 1},
              new byte[] {})) {
        batch.put(key, new byte[] {7});
      }
      store.write(batch, true);
      assertThat(keys(store, new byte[] {1}, 99))
          .containsExactly("[1]", "[1, 0]", "[1, 127]", "[1, -1]");
      assertThat(keys(store, new byte[] {1}, 2)).containsExactly("[1]", "[1, 0]");
      assertThat(keys(store, new byte[] {}, 99)).hasSize(7);
      assertThat(keys(store, new byte[] {3}, 99)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "leveldb"})
  void snapshotStaysAsItWas(String kind) {
    try (KeyValueStore store = open(kind)) {
      store.write(put(put(new Batch(), "a", "1"), "b", "1"), true);
      try (StoreSnapshot before = store.snapshot()) {
        store.write(put(put(new Batch(), "a", "2"), "c", "2").delete(bytes("b")), true);
        assertThat(text(before, "a")).isEqualTo("1");
        assertThat(text(before, "b")).isEqualTo("1");
        assertThat(text(before, "c")).isEqualTo("none");
        assertThat(keys(before, new byte[] {}, 9)).hasSize(2);
      }
      assertThat(text(store, "a")).isEqualTo("2");
      assertThat(text(store, "b")).isEqualTo("none");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "leveldb"})
  void closedStoreSaysSo(String kind) {
    KeyValueStore store = open(kind);
    store.close();
    store.close();
    assertThatThrownBy(() -> store.get(bytes("a"))).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> store.write(new Batch(), true)).isInstanceOf(StorageException.class);
    assertThatThrownBy(store::snapshot).isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> store.scan(new byte[0], (k, v) -> true))
        .isInstanceOf(StorageException.class);
  }

  @Test
  void valuesAreCopied() {
    MemoryStore store = new MemoryStore();
    byte[] value = {1};
    store.write(new Batch().put(bytes("a"), value), true);
    value[0] = 2;
    store.get(bytes("a")).orElseThrow()[0] = 3;
    assertThat(store.get(bytes("a"))).hasValueSatisfying(v -> assertThat(v).containsExactly(1));
  }

  @Test
  void levelDbKeepsWhatWasWritten() {
    try (KeyValueStore store = open("leveldb")) {
      store.write(put(new Batch(), "a", "1"), false);
    }
    try (KeyValueStore store = open("leveldb")) {
      assertThat(text(store, "a")).isEqualTo("1");
    }
  }

  /** LevelDB would make an empty one and remove the data. */
  @Test
  void databaseWithoutItsHeadIsNotMadeANewOne() throws IOException {
    try (KeyValueStore store = open("leveldb")) {
      store.write(put(new Batch(), "a", "1"), true);
    }
    Path current = folder.resolve("CURRENT");
    byte[] head = Files.readAllBytes(current);
    Files.delete(current);
    assertThatThrownBy(() -> LevelDbStore.open(folder))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no file CURRENT");
    Files.write(current, head);
    try (KeyValueStore store = LevelDbStore.openExisting(folder)) {
      assertThat(text(store, "a")).isEqualTo("1");
    }
  }

  @Test
  void databaseThatIsNotThereIsNotMadeIfItMustExist() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> LevelDbStore.openExisting(missing))
        .isInstanceOf(StorageException.class);
    assertThat(missing).doesNotExist();
  }

  /** The native library would crash here, not throw. */
  @Test
  void snapshotLeftOpenDoesNotSurviveItsDatabase() {
    KeyValueStore store = open("leveldb");
    StoreSnapshot left = store.snapshot();
    store.close();
    assertThatThrownBy(() -> left.get(bytes("a"))).isInstanceOf(StorageException.class);
    left.close();
    left.close();
  }

  @Test
  void closingWaitsForReadsOfOtherThreads() throws InterruptedException, ExecutionException {
    KeyValueStore store = open("leveldb");
    Batch batch = new Batch();
    for (int i = 0; i < 1_000; i++) {
      put(batch, "key " + i, "value " + i);
    }
    store.write(batch, true);
    ExecutorService readers = Executors.newFixedThreadPool(4);
    AtomicInteger rounds = new AtomicInteger();
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ends.add(readers.submit(() -> readUntilClosed(store, rounds)));
    }
    while (rounds.get() < 20) {
      Thread.onSpinWait();
    }
    store.close();
    for (Future<?> end : ends) {
      end.get();
    }
    readers.shutdown();
  }

  private static void readUntilClosed(KeyValueStore store, AtomicInteger rounds) {
    StorageException closed = null;
    while (closed == null) {
      try (StoreSnapshot snapshot = store.snapshot()) {
        assertThat(text(snapshot, "key 7")).isEqualTo("value 7");
        assertThat(keys(snapshot, bytes("key"), 2_000)).hasSize(1_000);
        rounds.incrementAndGet();
      } catch (StorageException e) {
        closed = e;
      }
    }
    assertThat(closed).hasMessageContaining("closed");
  }

  @Test
  void folderInUseByAnotherIsRefused() {
    try (KeyValueStore first = open("leveldb")) {
      assertThat(text(first, "a")).isEqualTo("none");
      assertThatThrownBy(() -> open("leveldb"))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(folder.toString());
    }
  }

  @Test
  void damagedDatabaseIsRefused() throws IOException {
    try (KeyValueStore store = open("leveldb")) {
      store.write(put(new Batch(), "a", "1"), true);
    }
    Files.writeString(folder.resolve("CURRENT"), "nonsense\n");
    assertThatThrownBy(() -> open("leveldb"))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void folderThatIsAFileIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> LevelDbStore.open(file))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void keysOfHeightsLieInTheOrderOfHeights() {
    MemoryStore store = new MemoryStore();
    Batch batch = new Batch();
    for (long height : new long[] {1L << 40, 0, 255, 256, 1, Long.MAX_VALUE}) {
      batch.put(Table.HEADER.key(height), Long.toString(height).getBytes(UTF_8));
    }
    batch.put(Table.CHECKPOINT.key(3), bytes("other table"));
    store.write(batch, true);
    List<String> values = new ArrayList<>();
    store.scan(Table.HEADER.key(), (key, value) -> values.add(new String(value, UTF_8)));
    assertThat(values)
        .containsExactly("0", "1", "255", "256", "1099511627776", "9223372036854775807");
  }

  private static Batch put(Batch batch, String key, String value) {
    return batch.put(bytes(key), bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(StoreReader store, String key) {
    return store.get(bytes(key)).map(value -> new String(value, UTF_8)).orElse("none");
  }

  private static List<String> keys(StoreReader store, byte[] prefix, int max) {
    List<String> keys = new ArrayList<>();
    store.scan(
        prefix,
        (key, value) -> {
          keys.add(Arrays.toString(key));
          return keys.size() < max;
        });
    return keys;
  }
}
