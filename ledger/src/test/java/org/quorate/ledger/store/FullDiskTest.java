package org.quorate.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.file.DiskRoom;
import org.quorate.ledger.store.LevelDbStore.Settings;

/** On a disk without room LevelDB would take the whole process with it, so it is not let. */
final class FullDiskTest {
  private static final int BUFFER = 1 << 20;
  private static final Settings SETTINGS = new Settings(BUFFER, 1 << 20, 100);
  private static final byte[] KEY = {1};

  @TempDir private Path folder;
  private long freeBytes = 8 * BUFFER;

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
              "cannot write to the database %s: the disk has 7 MiB left, and 8 MiB must be free",
              folder);
      assertThat(store.get(KEY)).hasValue(new byte[] {1});
      freeBytes++;
      write(store, 3);
      assertThat(store.get(KEY)).hasValue(new byte[] {3});
    }
  }

  @Test
  void databaseIsReadWithLessButNotOpenedWithoutAny() throws IOException {
    try (LevelDbStore store = open()) {
      write(store, 1);
    }
    freeBytes = 2 * BUFFER;
    try (LevelDbStore store = open()) {
      assertThat(store.get(KEY)).hasValue(new byte[] {1});
    }
    freeBytes--;
    assertThatThrownBy(this::open).hasMessageContaining("1 MiB left, and 2 MiB must be free");
  }

  @Test
  void roomIsThatOfTheDisk() throws IOException {
    DiskRoom room = DiskRoom.of(folder);
    assertThat(room.freeBytes()).isBetween(1L, folder.toFile().getTotalSpace());
    room.require(1);
    assertThatThrownBy(() -> room.require(Long.MAX_VALUE)).isInstanceOf(IOException.class);
  }
}
