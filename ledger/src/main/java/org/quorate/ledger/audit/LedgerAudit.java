package org.quorate.ledger.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.audit.CheckedBlock.Outcome;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.state.TreeCheck;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StoreReader;

/**
 * Checks everything that the store of a ledger holds against the genesis, and executes the chain
 * again in a scratch store: from its first state, or where transactions were dropped from the
 * lowest snapshot that makes up for them. Whoever holds the genesis needs to trust neither the
 * store nor who wrote it; what no check can see is blocks missing at the end.
 *
 * <p>In this order, and the first thing that fails ends it:
 *
 * <ol>
 *   <li>The store is a ledger's, of this chain, has no key that no ledger has, and nothing below
 *       the heights from which it says to keep it.
 *   <li>If it began with a snapshot, that block has both certificates.
 *   <li>For each height {@link BlockCheck} and {@link Replay} hold.
 *   <li>Nothing stands above the tip, but for valid certificates; {@code z} is what they say.
 *   <li>There are no other records of transactions.
 *   <li>The state is that of the execution, entry by entry; if there was none, for want of a
 *       snapshot, it has the root of the last result.
 *   <li>The index of the state fits it. This alone is no damage: the ledger computes it again.
 * </ol>
 *
 * <p>Owned by one thread. Nobody writes the store meanwhile. Memory is bounded: some windows of
 * blocks, and of the state what {@link org.quorate.ledger.state.TreeLimits} allow.
 */
public final class LedgerAudit {
  /** Windows of blocks that are being checked while an earlier one is executed. */
  private static final int WINDOWS_AHEAD = 2;

  private final AuditedStore store;
  private final LedgerEntries ledger;
  private final ChainSpec spec;
  private final Scratch scratch;
  private final Workers workers;
  private final AuditObserver observer;
  private final BlockCheck check;
  private final TableCheck tables;
  private Optional<SnapshotFolder> snapshots = Optional.empty();

  /**
   * An audit, not yet begun.
   *
   * @param store of the ledger
   * @param scratch where the chain is executed; empty, or what an earlier audit left
   * @param workers check blocks
   */
  public LedgerAudit(
      StoreReader store,
      ChainSpec spec,
      KeyValueStore scratch,
      Workers workers,
      AuditObserver observer) {
    this.store = new AuditedStore(store);
    this.ledger = new LedgerEntries(this.store);
    this.spec = spec;
    this.scratch = new Scratch(scratch, spec);
    this.workers = workers;
    this.observer = observer;
    this.check = new BlockCheck(spec, SignatureVerifier.ED25519);
    this.tables = new TableCheck(this.store);
  }

  /** Lets it execute blocks from a snapshot, where those from the genesis on are not kept. */
  public LedgerAudit withSnapshots(SnapshotFolder folder) {
    snapshots = Optional.of(folder);
    return this;
  }

  /**
   * Runs it to its end.
   *
   * @throws org.quorate.ledger.store.StorageException if the scratch store fails, or the snapshots
   *     cannot be listed
   */
  public AuditResult run() {
    long[] reached = {0};
    try {
      return audited(reached);
    } catch (DamagedException e) {
      return new AuditResult.Damaged(e.damage());
    } catch (UnreadableException e) {
      return new AuditResult.Damaged(
          new Damage(
              Optional.empty(),
              Optional.empty(),
              "%s (the blocks up to %d are sound)".formatted(e.getMessage(), reached[0])));
    } catch (StoppedException e) {
      return new AuditResult.Stopped(reached[0]);
    }
  }

  private AuditResult audited(long[] reached) throws DamagedException, StoppedException {
    Optional<AuditResult.Restoring> restoring = ledger.restoring();
    if (restoring.isPresent()) {
      return restoring.get();
    }
    Checkpoint tip = ledger.tip(spec);
    KeptRecord kept = ledger.kept(tip.height());
    tables.checkKeys();
    tables.checkBelow(kept);
    Replay replay = new AuditStart(ledger, spec, scratch, snapshots, observer).begin(kept, tip);
    follow(replay, new BlockReader(store, tip.height(), kept), reached);
    AuditMark mark = replay.mark();
    checkEnds(mark);
    tables.checkRecords(
        mark.transactions(), kept.transactionsFrom(), pace(AuditStage.RECORDS, mark));
    long entries = checkState(mark);
    pace(AuditStage.TREE, mark).at(0, Pace.POSITIONS);
    return new AuditResult.Sound(
        tip.block(),
        tip.stateRoot(),
        kept,
        mark.execution(ledger.hasCertificate(tip.height())),
        mark.transactions(),
        mark.certificates(),
        mark.stable(),
        entries,
        TreeCheck.fault(store));
  }

  /** The state is that of the execution, or at least that of the last result; how many entries. */
  private long checkState(AuditMark mark) throws DamagedException, StoppedException {
    Pace pace = pace(AuditStage.STATE, mark);
    if (mark.base().isEmpty()) {
      return StateCheck.check(store, mark.reached(), pace);
    }
    StateComparison states = new StateComparison(store, scratch.store());
    Optional<StateDifference> difference = states.next(pace);
    if (difference.isPresent()) {
      throw new DamagedException(damage(difference.get()));
    }
    return states.entries();
  }

  private Pace pace(AuditStage stage, AuditMark mark) {
    return new Pace(observer, stage, mark.transactions());
  }

  // The blocks.

  private void follow(Replay replay, BlockReader reader, long[] reached)
      throws DamagedException, StoppedException {
    long tip = reader.tip();
    ArrayDeque<List<Supplier<Outcome>>> windows = new ArrayDeque<>();
    reached[0] = replay.mark().reached().height();
    long next = reached[0] + 1;
    observer.progress(AuditStage.BLOCKS, reached[0], tip, replay.mark().transactions());
    Optional<DamagedException> ahead = Optional.empty();
    while (next <= tip || !windows.isEmpty()) {
      while (windows.size() < WINDOWS_AHEAD && next <= tip && ahead.isEmpty()) {
        try {
          List<Supplier<Outcome>> window = begin(reader.read(next));
          next += window.size();
          windows.add(window);
        } catch (DamagedException e) {
          ahead = Optional.of(e); // what is wrong with the blocks before comes first
        }
      }
      if (windows.isEmpty()) {
        throw ahead.orElseThrow();
      }
      for (Supplier<Outcome> outcome : windows.remove()) {
        replay.follow(sound(outcome.get()));
        reached[0]++;
      }
      pace(AuditStage.BLOCKS, replay.mark()).at(reached[0], tip);
    }
  }

  private List<Supplier<Outcome>> begin(List<BlockEntries> entries) {
    List<Supplier<Outcome>> window = new ArrayList<>(entries.size());
    for (BlockEntries block : entries) {
      window.add(workers.begin(() -> check.check(block)));
    }
    return window;
  }

  private static CheckedBlock sound(Outcome outcome) throws DamagedException {
    if (outcome instanceof Outcome.Faulty faulty) {
      throw new DamagedException(faulty.damage());
    }
    return ((Outcome.Sound) outcome).block();
  }

  private void checkEnds(AuditMark mark) throws DamagedException {
    long tip = mark.reached().height();
    tables.checkAboveTip(tip);
    long early = tables.checkEarlyCertificates(tip, check, spec.validators().quorum().quorum());
    tables.checkStable(early > 0 ? early : mark.stable());
  }

  private static Damage damage(StateDifference difference) {
    String what =
        difference.one().isEmpty()
            ? "is missing"
            : difference.two().isEmpty()
                ? "is there, and executed again it is not"
                : "is not that of the execution";
    String key =
        difference
            .namespacedKey()
            .map(named -> " of the key " + named.hex() + " (with its namespace)")
            .orElse("");
    return Damage.of(difference.key().bytes(), "the state" + key + " " + what);
  }
}
