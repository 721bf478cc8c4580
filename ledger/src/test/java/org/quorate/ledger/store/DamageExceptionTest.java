package org.quorate.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage is told apart from what passes: only for damage a ledger is made anew. */
final class DamageExceptionTest {
  @TempDir private Path folder;

  @BeforeEach
  void databaseWithTables() {
    try (LevelDbStore store = LevelDbStore.open(folder)) {
      for (int i = 0; i < 200; i++) {
        store.write(new Batch().put(new byte[] {(byte) i}, new byte[1_000]), false);
      }
    }
    LevelDbStore.open(folder).close(); // makes a table of the log
  }

  private Path file(String names) throws IOException {
    return BitFlips.files(folder, names).get(0);
  }

  /** Opens the database and reads all of it. */
  private StorageException failure() {
    return catchThrowableOfType(
        StorageException.class,
        () -> {
          try (LevelDbStore store = LevelDbStore.open(folder)) {
            store.scan(new byte[0], (key, value) -> true);
          }
        });
  }

  @Test
  void bitsThatFlip() throws IOException {
    BitFlips.flip(file(BitFlips.TABLES), 500);
    assertThat(failure()).isInstanceOf(DamageException.class);
  }

  @Test
  void bitsThatFlipWhereAScanComesLater() throws IOException {
    BitFlips.flip(file(BitFlips.TABLES), 100_000);
    assertThat(failure()).isInstanceOf(DamageException.class);
  }

  @Test
  void bitsThatFlipInAnIndex() throws IOException {
    BitFlips.flipIndexes(folder);
    assertThat(failure()).isInstanceOf(DamageException.class);
  }

  @Test
  void bitsThatFlipInTheFooter() throws IOException {
    Path table = file(BitFlips.TABLES);
    BitFlips.flip(table, Files.size(table) - 3);
    assertThat(failure()).isInstanceOf(DamageException.class);
  }

  @Test
  void bitsThatFlipInTheListOfTables() throws IOException {
    BitFlips.flip(file("MANIFEST.*"), 30);
    assertThat(failure()).isInstanceOf(DamageException.class);
  }

  @Test
  void nameOfTheListThatIsNone() throws IOException {
    BitFlips.flip(file("CURRENT"), 12);
    assertThat(failure()).isInstanceOf(DamageException.class);
  }

  @Test
  void filesThatAreMissing() throws IOException {
    for (String name : new String[] {BitFlips.TABLES, "MANIFEST.*", "CURRENT"}) {
      Files.delete(file(name));
      assertThat(failure()).as(name).isInstanceOf(DamageException.class);
    }
  }

  @Test
  void tableThatGoesMissingWhileTheDatabaseIsOpen() throws IOException {
    try (LevelDbStore store = LevelDbStore.open(folder)) {
      Files.delete(file(BitFlips.TABLES));
      assertThat(catchThrowableOfType(StorageException.class, () -> store.get(new byte[] {1})))
          .isInstanceOf(DamageException.class);
    }
  }

  @Test
  void tableThatIsEmpty() throws IOException {
    Files.write(file(BitFlips.TABLES), new byte[0]);
    assertThat(failure()).isInstanceOf(DamageException.class);
  }

  @Test
  void tableThatIsCutOff() throws IOException {
    Path table = file(BitFlips.TABLES);
    byte[] bytes = Files.readAllBytes(table);
    Files.write(table, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(failure()).isInstanceOf(DamageException.class);
  }

  @Test
  void databaseThatIsInUseIsNotDamaged() {
    try (LevelDbStore other = LevelDbStore.open(folder)) {
      assertThat(other.get(new byte[] {1})).isPresent();
      assertThat(failure()).isNotInstanceOf(DamageException.class);
    }
  }

  @Test
  void tableThatCannotBeReadNowIsNotDamaged() throws IOException {
    Path table = file(BitFlips.TABLES);
    Files.delete(table);
    Files.createDirectory(table); // its first read fails, as on a disk that does not answer
    assertThat(failure()).isNotInstanceOf(DamageException.class);
  }

  @Test
  void folderThatIsGoneWhenItShouldBeWrittenIsNotDamaged() throws IOException {
    LevelDbStore.Settings small = new LevelDbStore.Settings(1 << 16, 1 << 20, 100);
    Path elsewhere = folder.resolveSibling(folder.getFileName() + "-elsewhere");
    try (LevelDbStore store = LevelDbStore.open(folder, small, true, () -> Long.MAX_VALUE)) {
      Files.move(folder, elsewhere); // as a disk that is taken away
      assertThat(
              catchThrowableOfType(
                  StorageException.class,
                  () -> {
                    for (int i = 0; i < 1_000; i++) {
                      store.write(new Batch().put(new byte[] {(byte) i}, new byte[1_000]), false);
                    }
                  }))
          .isNotInstanceOf(DamageException.class);
    } finally {
      Files.move(elsewhere, folder);
    }
  }

  @Test
  void databaseThatWasClosedIsNotDamaged() {
    LevelDbStore store = LevelDbStore.open(folder);
    store.close();
    assertThat(catchThrowableOfType(StorageException.class, () -> store.get(new byte[] {1})))
        .isNotInstanceOf(DamageException.class);
  }
}
