package org.quorate.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.quorate.consensus.ChainTip;
import org.quorate.consensus.JournalRecord;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.NodeStartException.Kind;
import org.quorate.node.journal.Journal;
import org.quorate.node.journal.JournalException;
import org.quorate.node.storage.DataFolder;
import org.quorate.node.storage.DataFolderException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node has on disk, open and held: its folder, the ledger, and the journal with what the
 * replica said before.
 *
 * @param recovered what the journal held, oldest first
 */
record NodeStorage(DataFolder folder, Ledger ledger, Journal journal, List<JournalRecord> recovered)
    implements AutoCloseable {
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
      LevelDbStore store = opening.add(LevelDbStore.open(folder.ledger()));
      Ledger ledger = Ledger.open(store, chain);
      Journal.Opened opened = Journal.open(folder.journal());
      opening.add(opened.journal());
      if (opened.torn()) {
        log.info("the end of the journal was cut short by a crash; nothing was said on it");
      }
      NodeStorage storage =
          new NodeStorage(folder, ledger, opened.journal(), recovered(config, folder, opened));
      opening.keep();
      return storage;
    } catch (DataFolderException e) {
      throw new NodeStartException(Kind.CONFIGURATION, String.valueOf(e.getMessage()), e);
    } catch (LedgerException | StorageException e) {
      throw new NodeStartException(
          Kind.CONFIGURATION,
          "the ledger in the data folder "
              + config.dataDir()
              + " cannot be used: "
              + String.valueOf(e.getMessage()),
          e);
    } catch (JournalException e) {
      throw new NodeStartException(
          Kind.CONFIGURATION,
          String.valueOf(e.getMessage())
              + ". Without it this validator would forget what it has signed: restore it, or give"
              + " the validator a new key",
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

  /** A folder without whole memory says so before anything that its journal says. */
  private static List<JournalRecord> recovered(
      NodeConfig config, DataFolder folder, Journal.Opened opened) throws NodeStartException {
    List<JournalRecord> records = decode(config, opened.records());
    if (!folder.wholeMemory()) {
      records.add(0, new JournalRecord.Forgot());
    }
    return records;
  }

  private static List<JournalRecord> decode(NodeConfig config, List<byte[]> records)
      throws NodeStartException {
    List<JournalRecord> decoded = new ArrayList<>(records.size());
    for (byte[] record : records) {
      try {
        decoded.add(Decoder.decode(record, JournalRecord::decode));
      } catch (MalformedException e) {
        throw new NodeStartException(
            Kind.CONFIGURATION,
            "record %d of the journal in the data folder %s is none of this program's: %s"
                .formatted(decoded.size(), config.dataDir(), e.getMessage()),
            e);
      }
    }
    return decoded;
  }

  /** The end of the stored chain, as the replica needs it. */
  ChainTip tip() {
    Checkpoint last = ledger.checkpoint();
    Optional<CheckpointCertificate> stable = ledger.stableCheckpoint();
    List<Checkpoint> unstable = new ArrayList<>();
    for (long height = stable.map(CheckpointCertificate::height).orElse(0L) + 1;
        height <= last.height();
        height++) {
      unstable.add(
          ledger
              .checkpoint(height)
              .orElseThrow(() -> new AssertionError("a checkpoint below the tip is missing")));
    }
    return new ChainTip(
        last.block(),
        ledger.tipHeader(),
        ledger
            .tipCommit()
            .map(commit -> OptionalLong.of(commit.vote().view()))
            .orElse(OptionalLong.empty()),
        ledger.replayWindows(),
        stable,
        unstable);
  }

  /** Gives all of it back; what was written is on disk already. */
  @Override
  public void close() throws IOException {
    try (folder;
        ledger;
        journal) {
      log.debug("closing the data folder");
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
