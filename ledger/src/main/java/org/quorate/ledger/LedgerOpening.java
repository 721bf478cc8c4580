package org.quorate.ledger;

import static org.quorate.ledger.ChainStore.present;

import java.util.Optional;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.file.FullDiskException;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.state.TreeLimits;
import org.quorate.ledger.state.WorldState;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/** Makes a ledger in an empty store, or finds the one that is in it and sees that it is whole. */
final class LedgerOpening {
  /**
   * How many blocks below the tip are looked for when a ledger is opened. A store drops what it
   * cannot read of its log, so damage there shows as a block that is missing; and a log of 32 MiB
   * holds no more blocks than this, be they empty.
   */
  private static final long BLOCKS_LOOKED_FOR = 60_000;

  private final KeyValueStore store;
  private final ChainSpec spec;
  private final TreeLimits limits;
  private final ChainStore reads;

  LedgerOpening(KeyValueStore store, ChainSpec spec, TreeLimits limits) {
    this.store = store;
    this.spec = spec;
    this.limits = limits;
    this.reads = new ChainStore(store, spec.chainHash());
  }

  /** What is in the store now. */
  record Opened(WorldState state, Tip tip) {}

  /** As {@link Ledger#open(KeyValueStore, ChainSpec, TreeLimits)}. */
  Opened open() throws LedgerException {
    try {
      Optional<TipRecord> tip = reads.tip();
      return tip.isPresent() ? recover(tip.get()) : create();
    } catch (StorageException e) {
      if (FullDiskException.isBehind(e)) { // it writes the genesis state, or pages that are missing
        throw e;
      }
      throw new LedgerException(String.valueOf(e.getMessage()), e);
    }
  }

  private Opened create() throws LedgerException {
    if (store.get(Table.RESTORING.key()).isPresent()) {
      throw new LedgerException("a snapshot is on its way into it, and not all of it has come");
    }
    boolean[] used = {false};
    store.scan(
        new byte[0],
        (key, value) -> {
          used[0] = true;
          return false;
        });
    if (used[0]) {
      throw new LedgerException("the store is in use for something that is not a ledger");
    }
    Batch batch = new Batch();
    WorldState state = WorldState.create(store, spec.appState(), limits, batch);
    Checkpoint checkpoint =
        new Checkpoint(spec.genesisBlock(), MerkleTree.EMPTY_ROOT, state.root());
    batch.put(Table.CHECKPOINT.key(0), checkpoint.encoded());
    batch.put(Table.TIP.key(), new TipRecord(spec.chainHash(), 0).encoded());
    store.write(batch, true);
    return new Opened(state, new Tip(spec.genesisHeader(), Optional.empty(), checkpoint));
  }

  private Opened recover(TipRecord record) throws LedgerException {
    if (!record.chainHash().equals(spec.chainHash())) {
      throw new LedgerException(
          "the store holds the chain "
              + record.chainHash()
              + ", but the genesis file is that of "
              + spec.chainHash());
    }
    long height = record.height();
    KeptRecord kept = reads.kept();
    long lowest = Math.max(kept.headersFrom(), height - BLOCKS_LOOKED_FOR);
    for (long below = height - 1; below >= lowest; below--) {
      if (!reads.isLost(Table.CHECKPOINT.key(below))) {
        present(reads.checkpoint(below), "checkpoint " + below);
      }
    }
    Tip tip = tip(height, kept);
    if (!tip.header().hash(spec.chainHash()).equals(tip.checkpoint().block().hash())) {
      throw new DamageException(
          "the store is damaged: block " + height + " is not that of its checkpoint");
    }
    WorldState state = WorldState.open(store, spec.clients(), limits, tip.checkpoint().stateRoot());
    return new Opened(state, tip);
  }

  private Tip tip(long height, KeptRecord kept) {
    Checkpoint checkpoint = present(reads.checkpoint(height), "checkpoint " + height);
    if (height == 0) {
      return new Tip(spec.genesisHeader(), Optional.empty(), checkpoint);
    }
    CommittedHeader last = present(reads.header(height), "header " + height);
    if (height >= kept.transactionsFrom() && !reads.isLost(Table.TRANSACTIONS.key(height))) {
      present(reads.block(height), "block " + height);
    }
    return new Tip(last.header(), Optional.of(last.commit()), checkpoint);
  }
}
