package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.file.DiskRoom;
import org.quorate.ledger.file.FullDiskException;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.StorageException;

/** What the log says when a node must stop. */
final class RemedyTest {
  /** So small that LevelDB merges tables soon. */
  private static final LevelDbStore.Settings SMALL =
      new LevelDbStore.Settings(32 << 10, 1 << 20, 100);

  @Test
  void damagedTableThatCannotBeMergedEndsWritingAndTheRemedyIsNamed(@TempDir Path folder)
      throws IOException {
    try (LevelDbStore store = LevelDbStore.open(folder, SMALL)) {
      write(store, 60);
    }
    LevelDbStore.open(folder, SMALL).close(); // makes a table of the log
    for (Path table : tables(folder)) {
      byte[] bytes = Files.readAllBytes(table);
      bytes[bytes.length / 2] ^= 0x08;
      Files.write(table, bytes);
    }
    StorageException failure;
    try (LevelDbStore store = LevelDbStore.open(folder, SMALL)) {
      failure = catchThrowableOfType(StorageException.class, () -> write(store, 4_000));
    }
    assertThat(failure).hasMessageContaining("cannot write to the database");
    assertThat(Node.remedy(failure)).contains("the ledger is damaged: `quorate ledger repair`");
  }

  @Test
  void fullDiskNeedsRoomAndNoRepair(@TempDir Path folder) throws IOException {
    FullDiskException full =
        catchThrowableOfType(
            FullDiskException.class, () -> DiskRoom.of(folder).require(Long.MAX_VALUE));
    assertThat(Node.remedy(new StorageException("cannot write to the database", full)))
        .isEqualTo(". Make room on the disk of its data folder, and start it again");
  }

  @Test
  void whatIsNotTheDisksFaultHasNoSuchRemedy() {
    assertThat(Node.remedy(new AssertionError("a broken rule"))).isEmpty();
  }

  private static void write(LevelDbStore store, int count) {
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[2_000];
      store.write(new Batch().put(new byte[] {(byte) (i % 50)}, value), false);
    }
  }

  private static List<Path> tables(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().matches(".*\\.(sst|ldb)")).toList();
    }
  }
}
