package org.quorate.node.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.file.DiskRoom;
import org.quorate.ledger.salvage.Salvage;
import org.quorate.ledger.salvage.SalvageObserver;
import org.quorate.ledger.salvage.SalvageResult;
import org.quorate.ledger.salvage.SalvageResult.Saved;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.DatabaseFiles;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.StorageException;

/**
 * Makes a sound ledger beside the damaged one of a data folder, of what can still be read of that,
 * and puts it in its place: {@link #salvage}, {@link #check}, {@link #replace}. Until then nothing
 * of the damaged one is changed, and what is closed before leaves nothing behind. Owned by whoever
 * holds the folder; the ledger must not be open.
 */
public final class LedgerRepair implements AutoCloseable {
  private final DataFolder folder;
  private final ChainSpec chain;
  private boolean replaced;

  public LedgerRepair(DataFolder folder, ChainSpec chain) {
    this.folder = folder;
    this.chain = chain;
  }

  /**
   * Makes the new ledger.
   *
   * @throws LedgerException if what is damaged is no ledger of the chain
   * @throws StorageException if the new one cannot be written, or there is not room enough
   */
  public SalvageResult salvage(SalvageObserver observer) throws LedgerException, IOException {
    refuseWithoutRoom();
    try (DatabaseFiles files = DatabaseFiles.open(folder.ledger());
        LevelDbStore store = LevelDbStore.open(folder.ledgers().repairing());
        AuditThreads workers = new AuditThreads(Runtime.getRuntime().availableProcessors())) {
      return new Salvage(files, chain, SnapshotFolder.view(folder.snapshots()), workers, observer)
          .run(store);
    }
  }

  private void refuseWithoutRoom() throws IOException {
    long needed = LevelDbStore.Settings.DEFAULTS.freeBytesMin();
    try (Stream<Path> files = Files.list(folder.ledger())) {
      for (Path file : files.toList()) {
        needed += Files.size(file);
      }
    }
    try {
      DiskRoom.of(folder.ledger()).require(needed);
    } catch (IOException e) {
      throw new StorageException(
          e.getMessage() + ": as much as the damaged one takes, and what a ledger needs", e);
    }
  }

  /**
   * Opens what was made, which computes the state's root and puts all of it on the disk.
   *
   * @throws LedgerException if it is not what it should be
   */
  public void check(Saved saved) throws LedgerException {
    try (Ledger ledger = Ledger.open(LevelDbStore.open(folder.ledgers().repairing()), chain)) {
      if (!ledger.checkpoint().equals(saved.tip())) {
        throw new LedgerException(
            "the new ledger ends with " + ledger.checkpoint() + ", not " + saved.tip());
      }
    }
  }

  /** Gives up the damaged ledger for the new one. */
  public void replace() throws IOException {
    folder.ledgers().replaceWithRepaired();
    replaced = true;
  }

  @Override
  public void close() throws IOException {
    if (!replaced) {
      folder.ledgers().discardRepairing();
    }
  }
}
