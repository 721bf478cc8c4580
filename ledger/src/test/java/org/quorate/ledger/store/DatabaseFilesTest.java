package org.quorate.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.codec.ByteString;

/** The files of a real database, whole and damaged, read without LevelDB. */
final class DatabaseFilesTest {
  /** So small that there are many tables, and LevelDB merges them. */
  private static final LevelDbStore.Settings SMALL =
      new LevelDbStore.Settings(64 << 10, 1 << 20, 100);

  private static final int KEYS = 3_000;
  private static final int WRITES = 12_000;

  @TempDir private Path folder;
  private final Random random = new Random(7);

  /** What was written at each key, the last of it at the end; empty for a removal. */
  private final Map<ByteString, List<Optional<ByteString>>> written = new TreeMap<>();

  @BeforeEach
  void writeSomeTablesAndALog() {
    try (LevelDbStore store = LevelDbStore.open(folder, SMALL)) {
      for (int i = 0; i < WRITES; i += 4) {
        Batch batch = new Batch();
        for (int j = 0; j < 4; j++) {
          write(batch, i + j);
        }
        store.write(batch, false);
      }
    }
  }

  private void write(Batch batch, int number) {
    ByteString key = key(random.nextInt(KEYS));
    boolean removal = random.nextInt(10) == 0;
    String text = "value " + number + ".".repeat(random.nextInt(100) == 0 ? 9_000 : 20);
    Optional<ByteString> value = removal ? Optional.empty() : Optional.of(ByteString.utf8(text));
    written.computeIfAbsent(key, none -> new ArrayList<>()).add(value);
    value.ifPresentOrElse(
        present -> batch.put(key.bytes(), present.bytes()), () -> batch.delete(key.bytes()));
  }

  private static ByteString key(int number) {
    return ByteString.utf8("a key with the number %07d".formatted(number));
  }

  private List<Path> files(String names) throws IOException {
    return BitFlips.files(folder, names);
  }

  private static long indexOf(Path table) throws IOException {
    return Files.size(table) - 48 - 40; // in front of the footer
  }

  /** Which keys cannot be read; of all others there is what was written last. */
  private int unreadable() {
    int unreadable = 0;
    try (DatabaseFiles files = DatabaseFiles.open(folder)) {
      for (Map.Entry<ByteString, List<Optional<ByteString>>> entry : written.entrySet()) {
        byte[] key = entry.getKey().bytes();
        List<Optional<ByteString>> versions = entry.getValue();
        if (files.isCertain(key)) {
          assertThat(files.get(key).map(ByteString::of))
              .isEqualTo(versions.get(versions.size() - 1));
          continue;
        }
        unreadable++;
        try {
          assertThat(versions).contains(files.get(key).map(ByteString::of));
        } catch (StorageException e) {
          assertThat(e).hasMessageContaining("cannot be read");
        }
      }
    }
    return unreadable;
  }

  @Test
  void ofSoundFilesAllIsReadAsItWasWrittenLast() throws IOException {
    assertThat(files(BitFlips.TABLES)).isNotEmpty();
    assertThat(files(".*\\.log")).isNotEmpty();
    assertThat(unreadable()).isZero();
    try (DatabaseFiles files = DatabaseFiles.open(folder)) {
      assertThat(files.get(key(KEYS + 1).bytes())).isEmpty();
      assertThat(files.get(new byte[0])).isEmpty();
    }
  }

  @Test
  void nothingInTheFolderIsChanged() throws IOException {
    Map<Path, ByteString> before = contents();
    assertThat(unreadable()).isZero();
    assertThat(contents()).isEqualTo(before);
  }

  private Map<Path, ByteString> contents() throws IOException {
    Map<Path, ByteString> contents = new TreeMap<>();
    for (Path file : files(".*")) {
      contents.put(file, ByteString.of(Files.readAllBytes(file)));
    }
    return contents;
  }

  @Test
  void damagedBlockCostsItsKeysOnly() throws IOException {
    for (Path table : files(BitFlips.TABLES)) {
      BitFlips.flip(table, 100);
      int lost = unreadable();
      assertThat(lost).isBetween(1, written.size() / 2);
      BitFlips.flip(table, 100);
    }
    assertThat(unreadable()).isZero();
  }

  @Test
  void damagedIndexesCostNothing() throws IOException {
    for (Path table : files(BitFlips.TABLES)) {
      BitFlips.flip(table, indexOf(table));
    }
    for (Path file : files("CURRENT|MANIFEST.*")) {
      Files.delete(file);
    }
    assertThat(unreadable()).isZero();
  }

  @Test
  void withoutAnIndexOtherBlocksThanTheDamagedOneAreRead() throws IOException {
    for (Path table : files(BitFlips.TABLES)) {
      BitFlips.flip(table, 100);
    }
    int lost = unreadable();
    for (Path table : files(BitFlips.TABLES)) {
      BitFlips.flip(table, indexOf(table));
    }
    // Between two blocks the index knows more than their keys.
    assertThat(unreadable()).isBetween(lost, lost + lost / 10);
  }

  @Test
  void withoutAnIndexWhatLiesInFrontOfADamagedLengthIsRead() throws IOException {
    Path table = files(BitFlips.TABLES).get(0);
    BitFlips.flip(table, indexOf(table));
    int lost = 0;
    for (int at = 0; at < 400; at += 13) { // of keys, values and lengths
      long place = indexOf(table) / 2 + at;
      BitFlips.flip(table, place);
      lost = Math.max(lost, unreadable());
      BitFlips.flip(table, place);
    }
    assertThat(lost).isBetween(1, written.size() - 1);
  }

  @Test
  void tableOfWhichNothingIsLeftPutsInDoubtWhatIsNowhereElse() throws IOException {
    for (Path table : files(BitFlips.TABLES)) {
      Files.write(table, "nothing".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(unreadable()).isEqualTo(written.size());
    try (DatabaseFiles files = DatabaseFiles.open(folder)) {
      assertThatThrownBy(() -> files.get(key(KEYS + 1).bytes()))
          .isInstanceOf(StorageException.class);
    }
  }

  @Test
  void endOfTheLogMayBeTornAndItsMiddleMayNot() throws IOException {
    Path log = files(".*\\.log").get(files(".*\\.log").size() - 1);
    byte[] bytes = Files.readAllBytes(log);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    bytes[end - 10] ^= 1;
    Files.write(log, bytes);
    try (DatabaseFiles files = DatabaseFiles.open(folder)) {
      assertThat(files.isCertain(key(0).bytes())).isTrue();
    }
    bytes[40] ^= 1;
    Files.write(log, bytes);
    try (DatabaseFiles files = DatabaseFiles.open(folder)) {
      assertThat(files.isCertain(key(0).bytes())).isFalse();
    }
    assertThat(unreadable()).isEqualTo(written.size());
  }
}
