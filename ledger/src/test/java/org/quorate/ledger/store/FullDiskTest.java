package org.quorate.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.file.DiskRoom;
import org.quorate.ledger.file.FullDiskException;
import org.quorate.ledger.store.LevelDbStore.Settings;

/** On a disk without room LevelDB would take the whole process with it, so it is not let. */
final class FullDiskTest {
  private static final int BUFFER = 1 << 20;
  private static final Settings SETTINGS = new Settings(BUFFER, 1 << 20, 100);
  private static final byte[] KEY = {1};

  @TempDir private Path folder;
  private long freeBytes = 16 * BUFFER;

  private LevelDbStore open() throws IOException {
    return LevelDbStore.open(folder, SETTINGS, true, () -> freeBytes);
  }

  private static void write(LevelDbStore store, int value) {
    store.write(new Batch().put(KEY, new byte[] {(byte) value}), true);
  }

  @Test
  void writeIsRefusedWhenMergingTablesMightNotFit() throws IOException {
    try (LevelDbStore store = open()) {
      write(store, 1);
      freeBytes--;
      assertThatThrownBy(() -> write(store, 2))
          .isInstanceOf(StorageException.class)
          .isNotInstanceOf(DamageException.class)
          .hasMessage(
              "cannot write to the database %s: the disk has 15 MiB left, and 16 MiB must be free",
              folder);
      assertThat(store.get(KEY)).hasValue(new byte[] {1});
      freeBytes++;
      write(store, 3);
      assertThat(store.get(KEY)).hasValue(new byte[] {3});
    }
  }

  @Test
  void neitherIsItOpenedNorCompacted() throws IOException {
    try (LevelDbStore store = open()) {
      write(store, 1);
      freeBytes--;
      assertThatThrownBy(() -> store.compact(KEY, new byte[] {2}))
          .hasMessageContaining("cannot compact the database")
          .hasMessageContaining("15 MiB left, and 16 MiB must be free");
    }
    assertThatThrownBy(this::open).hasMessageContaining("15 MiB left, and 16 MiB must be free");
  }

  @Test
  void ledgerThatCannotBeBegunIsNotDamaged() throws IOException {
    try (LevelDbStore store = open()) {
      freeBytes--;
      assertThatThrownBy(() -> Ledger.open(store, new TestChain().spec()))
          .isInstanceOf(StorageException.class)
          .isNotInstanceOf(DamageException.class)
          .satisfies(e -> assertThat(FullDiskException.isBehind(e)).isTrue());
    }
  }

  @Test
  void roomIsThatOfTheDisk() throws IOException {
    DiskRoom room = DiskRoom.of(folder);
    assertThat(room.freeBytes()).isBetween(1L, folder.toFile().getTotalSpace());
    room.require(1);
    assertThatThrownBy(() -> room.require(Long.MAX_VALUE)).isInstanceOf(IOException.class);
  }
}
