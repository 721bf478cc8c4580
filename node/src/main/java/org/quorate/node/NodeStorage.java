package org.quorate.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.file.DiskRoom;
import org.quorate.ledger.file.FullDiskException;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.state.TreeLimits;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.DamagedLedger.NotRepairedException;
import org.quorate.node.NodeStartException.Kind;
import org.quorate.node.evidence.EvidenceLimits;
import org.quorate.node.evidence.EvidenceStore;
import org.quorate.node.evidence.NewViewArchive;
import org.quorate.node.journal.Journal;
import org.quorate.node.journal.JournalException;
import org.quorate.node.storage.DataFolder;
import org.quorate.node.storage.DataFolderException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node has on disk, open and held: its folder, what its replica goes on with, and the
 * evidence against others.
 *
 * @param madeAnew whether the ledger was damaged, and was made anew before it was opened
 */
record NodeStorage(
    DataFolder folder,
    ReplicaStorage replica,
    EvidenceStore evidence,
    NewViewArchive newViews,
    SnapshotFolder snapshots,
    boolean madeAnew)
    implements AutoCloseable {
  /** What to do about a damaged ledger. */
  static final String REPAIR =
      "`quorate ledger repair` makes a sound one of what can still be read of it, and"
          + " `quorate snapshot restore --replace` gives it up";

  private static final Logger log = LoggerFactory.getLogger(NodeStorage.class);

  /**
   * Opens all of it.
   *
   * @throws NodeStartException if any of it is in use, damaged, or another chain's or validator's
   */
  static NodeStorage open(NodeConfig config) throws NodeStartException {
    ChainSpec chain = config.genesis().chain();
    try (Opening opening = new Opening()) {
      DataFolder folder =
          opening.add(DataFolder.open(config.dataDir(), chain, config.key().publicKey()));
      if (folder.ledgers().isDiverged()) {
        throw new NodeStartException(
            Kind.CONFIGURATION,
            ("the ledger in the data folder %s differs from what the other validators have signed;"
                    + " %s says where. It is left as it is, for you to look into: `quorate ledger"
                    + " verify`, and `quorate ledger diff` with another node's. To go on, give it up:"
                    + " `quorate snapshot restore --replace`, or empty its folder ledger and remove"
                    + " DIVERGED, and it executes all blocks again")
                .formatted(config.dataDir(), config.dataDir().resolve("DIVERGED")));
      }
      NodeStorage storage = openRepaired(config, folder);
      opening.keep();
      return storage;
    } catch (DataFolderException e) {
      throw new NodeStartException(Kind.CONFIGURATION, String.valueOf(e.getMessage()), e);
    } catch (JournalException e) {
      throw new NodeStartException(
          Kind.CONFIGURATION,
          String.valueOf(e.getMessage())
              + ". Without it this validator would forget what it has signed. If it is lost,"
              + " remove the whole data folder: the node then begins as one that has forgotten, and"
              + " votes again when the others have told it how far it went",
          e);
    } catch (IOException e) {
      throw new NodeStartException(
          Kind.ENVIRONMENT,
          "the data folder "
              + config.dataDir()
              + " cannot be read or written: "
              + String.valueOf(e.getMessage()),
          e);
    }
  }

  /** Opens what is in the folder, of which the ledger is made anew if it is damaged. */
  private static NodeStorage openRepaired(NodeConfig config, DataFolder folder)
      throws NodeStartException, JournalException, IOException {
    DamagedLedger damaged = new DamagedLedger(folder, config.genesis().chain());
    boolean repairs = config.storage().repairLedger();
    boolean madeAnew = false;
    if (repairs && folder.ledgers().isDamaged()) {
      try {
        damaged.repair("something of it could not be read before", true);
        madeAnew = true;
      } catch (NotRepairedException e) {
        log.error("the ledger cannot be made anew, and is used as it is: {}", e.getMessage());
        folder.ledgers().unmarkDamaged(); // until it is met again
      }
    }
    try {
      return open(config, folder, madeAnew);
    } catch (LedgerException | StorageException e) {
      if (!repairs || !isDamage(e)) {
        throw unusable(config, e, "");
      }
      try {
        damaged.repair(String.valueOf(e.getMessage()), false);
        return open(config, folder, true);
      } catch (NotRepairedException why) {
        throw unusable(config, e, "; and it cannot be made anew: " + why.getMessage());
      } catch (LedgerException | StorageException again) {
        throw unusable(config, again, "");
      }
    }
  }

  private static boolean isDamage(Exception e) {
    return e instanceof DamageException || e.getCause() instanceof DamageException;
  }

  private static NodeStartException unusable(NodeConfig config, Exception e, String more) {
    boolean full = FullDiskException.isBehind(e);
    return new NodeStartException(
        full ? Kind.ENVIRONMENT : Kind.CONFIGURATION,
        "the ledger in the data folder "
            + config.dataDir()
            + " cannot be used: "
            + String.valueOf(e.getMessage())
            + more
            + (full ? "" : ". If it is damaged: " + REPAIR),
        e);
  }

  private static NodeStorage open(NodeConfig config, DataFolder folder, boolean madeAnew)
      throws NodeStartException, LedgerException, JournalException, IOException {
    try (Opening opening = new Opening()) {
      LevelDbStore store = opening.add(LevelDbStore.open(folder.ledger()));
      TreeLimits limits =
          TreeLimits.DEFAULTS.withMemoryBytesMax(
              (long) config.storage().stateMemoryMegabytes() << 20);
      Ledger ledger = Ledger.open(store, config.genesis().chain(), limits);
      ledger.holdProvenState();
      Journal.Opened opened = Journal.open(folder.journal());
      opening.add(opened.journal());
      if (opened.torn()) {
        log.info("the end of the journal was cut short by a crash; nothing was said on it");
      }
      NodeStorage storage =
          new NodeStorage(
              folder,
              ReplicaStorage.of(ledger, opened, folder.wholeMemory(), config.dataDir().toString()),
              EvidenceStore.open(folder.evidence(), EvidenceLimits.DEFAULTS),
              NewViewArchive.open(folder.evidence().resolve("new-views"), EvidenceLimits.DEFAULTS),
              SnapshotFolder.open(folder.snapshots()),
              madeAnew);
      log.debug("the replica goes on from {}", storage.replica().tip()); // all that it reads of it
      opening.keep();
      return storage;
    }
  }

  /**
   * Makes the data folder of a validator that has never signed anything on this chain.
   *
   * @throws NodeStartException if there is one already, or it cannot be made
   */
  static void init(NodeConfig config) throws NodeStartException {
    try {
      DataFolder.init(config.dataDir(), config.genesis().chain(), config.key().publicKey());
    } catch (DataFolderException e) {
      throw new NodeStartException(Kind.CONFIGURATION, String.valueOf(e.getMessage()), e);
    }
  }

  /** Tells how much disk each part takes. */
  void measure(NodeMetrics metrics) throws IOException {
    metrics.diskFree(DiskRoom.of(folder.ledger()).freeBytes());
    metrics.diskUse("ledger", DiskUse.bytes(folder.ledger()));
    metrics.diskUse("journal", DiskUse.bytes(folder.journal()));
    metrics.diskUse("evidence", DiskUse.bytes(folder.evidence()));
    metrics.diskUse("snapshots", DiskUse.bytes(folder.snapshots()));
    metrics.diskUse("set-aside", DiskUse.bytes(folder.ledgers().setAside()));
  }

  /** Gives all of it back; what was written is on disk already. */
  @Override
  public void close() throws IOException {
    try (folder;
        Ledger ledger = replica.ledger();
        Journal journal = replica.journal()) {
      log.debug("closing the data folder, with {} and {}", ledger, journal);
    }
  }

  /** Closes what was opened so far, unless all of it is kept. */
  private static final class Opening implements AutoCloseable {
    private final List<AutoCloseable> opened = new ArrayList<>();

    <T extends AutoCloseable> T add(T resource) {
      opened.add(0, resource);
      return resource;
    }

    void keep() {
      opened.clear();
    }

    @Override
    public void close() throws IOException {
      for (AutoCloseable resource : opened) {
        try {
          resource.close();
        } catch (IOException e) {
          throw e;
        } catch (Exception e) {
          throw new IOException("cannot close " + resource, e);
        }
      }
    }
  }
}
