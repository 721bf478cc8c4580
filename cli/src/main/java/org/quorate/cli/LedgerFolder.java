package org.quorate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import org.quorate.genesis.NodeFile;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.TipRecord;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.file.FullDiskException;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;
import org.quorate.node.storage.DataFolder;
import org.quorate.node.storage.DataFolderException;

/**
 * The ledger of a node that does not run, held so that none starts on it meanwhile.
 *
 * @param data the data folder
 * @param genesis the file that says what chain it is
 * @param folder holds the lock
 */
record LedgerFolder(Path data, Path genesis, ChainSpec chain, DataFolder folder, LevelDbStore store)
    implements AutoCloseable {
  private static final String NODE_FILE = "node.json";

  private record Place(Path data, Path genesis) {}

  /**
   * Takes the folder.
   *
   * @param dir a node's folder with node.json, or a data folder
   * @param genesis the genesis file; else the one that node.json names, in {@code dir} or beside it
   * @throws CommandFailure if there is no such folder, it is in use or another chain's, or its
   *     store cannot be opened
   */
  static LedgerFolder open(Path dir, @Nullable Path genesis)
      throws CommandFailure, GenesisException {
    Place place = place(dir, Optional.ofNullable(genesis));
    ChainSpec chain = GenesisDocument.read(place.genesis()).chain();
    DataFolder folder;
    try {
      folder = DataFolder.openForAudit(place.data(), chain);
    } catch (DataFolderException e) {
      throw new CommandFailure(ExitCode.MISMATCH, String.valueOf(e.getMessage()), e);
    }
    boolean opened = false;
    try {
      LevelDbStore store = LevelDbStore.openExisting(folder.ledger());
      opened = true;
      return new LedgerFolder(place.data(), place.genesis(), chain, folder, store);
    } catch (StorageException e) {
      if (FullDiskException.isBehind(e)) {
        throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
      }
      throw new CommandFailure(
          ExitCode.PROOF_INVALID,
          "the ledger is damaged: %s. `quorate ledger repair` saves what can still be read of it"
              .formatted(e.getMessage()),
          e);
    } finally {
      if (!opened) {
        release(folder);
      }
    }
  }

  private static Place place(Path dir, Optional<Path> genesis)
      throws CommandFailure, GenesisException {
    Path whole = dir.toAbsolutePath().normalize();
    if (Files.exists(whole.resolve(NODE_FILE))) {
      NodeFile node = NodeFile.read(whole.resolve(NODE_FILE));
      return new Place(node.dataDir(), genesis.orElse(node.genesis()));
    }
    if (genesis.isPresent()) {
      return new Place(whole, genesis.get());
    }
    Path beside = whole.resolveSibling(NODE_FILE);
    if (Files.exists(beside)) {
      NodeFile node = NodeFile.read(beside);
      if (node.dataDir().toAbsolutePath().normalize().equals(whole)) {
        return new Place(whole, node.genesis());
      }
    }
    throw new CommandFailure(
        ExitCode.USAGE,
        "name the genesis file by --genesis FILE: there is no node.json in %s or beside it that"
                .formatted(dir)
            + " names it");
  }

  /**
   * The height of the last block.
   *
   * @throws CommandFailure if the store is no ledger yet
   */
  long height() throws CommandFailure {
    Optional<TipRecord> tip = reads().tip();
    if (tip.isEmpty() && store.get(Table.RESTORING.key()).isPresent()) {
      throw restoring("a snapshot is on its way into it, and not all of it has come");
    }
    return tip.map(TipRecord::height)
        .orElseThrow(
            () -> new StorageException("the store is not that of a ledger: it has no tip"));
  }

  /** What a command says of a store that is to become a ledger. */
  CommandFailure restoring(String what) {
    return new CommandFailure(
        ExitCode.FAILED,
        "there is no ledger yet in %s: %s. `quorate snapshot restore` begins it anew"
            .formatted(folder.ledger(), what));
  }

  ChainStore reads() {
    return new ChainStore(store, chain.chainHash());
  }

  /** What a command says of a store that it cannot read. */
  static CommandFailure unreadable(StorageException e) {
    return new CommandFailure(
        ExitCode.PROOF_INVALID,
        ("the ledger is damaged: %s. `quorate ledger verify` says more, `quorate ledger repair` saves"
                + " what can still be read of it")
            .formatted(e.getMessage()),
        e);
  }

  @Override
  public void close() throws CommandFailure {
    store.close();
    release(folder);
  }

  private static void release(DataFolder folder) throws CommandFailure {
    try {
      folder.close();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "the data folder cannot be closed", e);
    }
  }
}
