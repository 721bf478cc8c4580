package org.quorate.ledger.salvage;

import java.util.Optional;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.audit.Workers;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.DatabaseFiles;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.Table;

/**
 * Makes a ledger anew, in an empty store, from what can still be read of one that is damaged.
 *
 * <ol>
 *   <li>It begins with the newest snapshot of the node that is whole and proves itself, or with the
 *       genesis state: no entry of the damaged state is taken over.
 *   <li>The blocks up to the snapshot's are taken over, as far as they prove themselves ({@link
 *       HistorySalvage}). Of what is lost the ledger knows that it was there, so that the running
 *       node repairs it from its peers when it is asked for.
 *   <li>The blocks above are executed, up to the first that cannot be read. From there on the node
 *       catches up from its peers.
 * </ol>
 *
 * <p>The damaged ledger is only read. Owned by one thread.
 */
public final class Salvage {
  private final OldLedger old;
  private final ChainSpec spec;
  private final SnapshotStart snapshots;
  private final Workers workers;
  private final SalvageObserver observer;
  private final Losses losses = new Losses();

  /**
   * Nothing is done yet.
   *
   * @param files of the damaged ledger's store
   * @param snapshots that the node took
   * @param workers check signatures
   */
  public Salvage(
      DatabaseFiles files,
      ChainSpec spec,
      SnapshotFolder snapshots,
      Workers workers,
      SalvageObserver observer) {
    this.old = new OldLedger(files, spec);
    this.spec = spec;
    this.snapshots = new SnapshotStart(snapshots, spec, observer);
    this.workers = workers;
    this.observer = observer;
  }

  /**
   * Does it.
   *
   * @param store is empty; on {@link SalvageResult.Saved} it is the new ledger's and on the disk,
   *     but for what opening it again writes, and else of no use
   * @throws LedgerException if what is damaged is no ledger of this chain
   * @throws org.quorate.ledger.store.StorageException if the new store fails
   */
  public SalvageResult run(KeyValueStore store) throws LedgerException {
    KeyValueStore target = new Unsynced(store);
    Optional<Long> oldHeight = old.height();
    KeptRecord kept = old.kept(snapshots.highest());
    Optional<Manifest> start = snapshots.find(kept);
    Optional<SalvageResult> end =
        start.isPresent()
            ? beginWith(start.get(), kept, target)
            : beginWithGenesis(kept, oldHeight);
    if (end.isPresent()) {
      return end.get();
    }
    Ledger ledger = Ledger.open(target, spec);
    Optional<SalvageResult.Diverged> diverged =
        new BlockSalvage(old, spec, workers, losses, observer)
            .execute(ledger, target, oldHeight.orElse(0L));
    if (diverged.isPresent()) {
      return diverged.get();
    }
    store.write(new Batch().put(Table.TIP.key(), tip(store)), true);
    return new SalvageResult.Saved(
        start.map(Manifest::height).orElse(0L),
        ledger.checkpoint(),
        oldHeight,
        new KeptRecord(ledger.headersFrom(), ledger.transactionsFrom()),
        old.keptIsKnown(),
        losses.entries(),
        losses.blocks(),
        ended(ledger.checkpoint().height(), oldHeight));
  }

  /** What is written last is on the disk with all that was written before. */
  private static byte[] tip(KeyValueStore store) {
    return store.get(Table.TIP.key()).orElseThrow();
  }

  private static Optional<String> ended(long height, Optional<Long> oldHeight) {
    if (oldHeight.isEmpty()) {
      return Optional.of(
          "how far the damaged ledger went cannot be read, and nothing of block %d"
              .formatted(height + 1));
    }
    return height < oldHeight.get()
        ? Optional.of("block %d cannot be read".formatted(height + 1))
        : Optional.empty();
  }

  private Optional<SalvageResult> beginWithGenesis(KeptRecord kept, Optional<Long> oldHeight) {
    if (kept.transactionsFrom() > 1) {
      return Optional.of(
          new SalvageResult.NoStart(
              "the node has no sound snapshot to begin with, and transactions from block %d on only"
                  .formatted(kept.transactionsFrom())));
    }
    if (!oldHeight.equals(Optional.of(0L))
        && OldBlock.Entries.read(old, 1).check(spec).block().isEmpty()) {
      return Optional.of(
          new SalvageResult.NoStart(
              "the node has no sound snapshot to begin with, and block 1 cannot be read"));
    }
    observer.begins(0);
    return Optional.empty();
  }

  private Optional<SalvageResult> beginWith(Manifest start, KeptRecord kept, KeyValueStore target)
      throws LedgerException {
    long height = start.height();
    Checkpoint proven = start.certificate().checkpoint();
    Optional<Checkpoint> own =
        OldBlock.decoded(old.raw(Table.CHECKPOINT.key(height)), Checkpoint::decode);
    if (own.isPresent() && !own.get().equals(proven)) {
      return Optional.of(new SalvageResult.Diverged(own.get(), proven, true));
    }
    observer.begins(height);
    snapshots.restore(start, target);
    HistorySalvage history =
        new HistorySalvage(old, spec, kept, proven.block().hash(), target, losses);
    OldBlocks blocks = OldBlocks.down(old, spec, workers, height, kept.headersFrom());
    long count = height - kept.headersFrom() + 1;
    for (long done = 1; done <= count; done++) {
      boolean first = done == 1;
      history.take(
          blocks.next(),
          first ? Optional.of(start.header()) : Optional.empty(),
          first ? Optional.of(start.certificate()) : Optional.empty());
      observer.progress(SalvageStage.HISTORY, done, count);
    }
    history.finish();
    return Optional.empty();
  }
}
