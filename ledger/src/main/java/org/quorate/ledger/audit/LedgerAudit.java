package org.quorate.ledger.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.quorate.ledger.TipRecord;
import org.quorate.ledger.audit.AuditObserver.Beginning;
import org.quorate.ledger.audit.CheckedBlock.Outcome;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.state.TreeCheck;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * Checks everything that the store of a ledger holds against the genesis, and executes the chain
 * again from its first state in a scratch store. Whoever holds the genesis needs to trust neither
 * the store nor who wrote it; what no check can see is blocks missing at the end.
 *
 * <p>In this order, and the first thing that fails ends it:
 *
 * <ol>
 *   <li>The store is a ledger's, of this chain, and has no key that no ledger has.
 *   <li>For each height {@link BlockCheck} and {@link Replay} hold.
 *   <li>Nothing stands above the tip, but for valid certificates; {@code z} is what they say.
 *   <li>There are no other records of transactions.
 *   <li>The state is that of the execution, entry by entry.
 *   <li>The index of the state fits it. This alone is no damage: the ledger computes it again.
 * </ol>
 *
 * <p>Owned by one thread. Nobody writes the store meanwhile. Memory is bounded: some windows of
 * blocks, and of the state what {@link org.quorate.ledger.state.TreeLimits} allow.
 */
public final class LedgerAudit {
  /** Windows of blocks that are being checked while an earlier one is executed. */
  private static final int WINDOWS_AHEAD = 2;

  /** Transactions of blocks are kept from this height on. */
  private static final long BODIES_FROM = 1;

  private final AuditedStore store;
  private final ChainSpec spec;
  private final Scratch scratch;
  private final Workers workers;
  private final AuditObserver observer;
  private final BlockCheck check;
  private final TableCheck tables;

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
    this.spec = spec;
    this.scratch = new Scratch(scratch, spec);
    this.workers = workers;
    this.observer = observer;
    this.check = new BlockCheck(spec, SignatureVerifier.ED25519);
    this.tables = new TableCheck(this.store);
  }

  /**
   * Runs it to its end.
   *
   * @throws org.quorate.ledger.store.StorageException if the scratch store fails
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
    Checkpoint tip = tip();
    tables.checkKeys();
    Replay replay = begin(tip);
    follow(replay, tip.height(), reached);
    AuditMark mark = replay.mark();
    checkEnds(mark);
    tables.checkRecords(mark.transactions(), pace(AuditStage.RECORDS, mark));
    StateComparison states = new StateComparison(store, scratch.store());
    Optional<StateDifference> difference = states.next(pace(AuditStage.STATE, mark));
    if (difference.isPresent()) {
      throw new DamagedException(damage(difference.get()));
    }
    pace(AuditStage.TREE, mark).at(0, Pace.POSITIONS);
    return new AuditResult.Sound(
        tip.block(),
        tip.stateRoot(),
        mark.transactions(),
        mark.certificates(),
        mark.stable(),
        states.entries(),
        TreeCheck.fault(store));
  }

  private Pace pace(AuditStage stage, AuditMark mark) {
    return new Pace(observer, stage, mark.transactions());
  }

  /** The checkpoint of the last block, not yet checked. */
  private Checkpoint tip() throws DamagedException {
    byte[] key = Table.TIP.key();
    Optional<byte[]> stored = store.get(key);
    if (stored.isEmpty()) {
      throw new DamagedException(
          Damage.of(key, "the store is not that of a ledger: it has no tip"));
    }
    TipRecord tip = decoded(key, stored.get(), TipRecord::decode);
    if (!tip.chainHash().equals(spec.chainHash())) {
      throw new DamagedException(
          Damage.of(
              key,
              "the store holds the chain "
                  + tip.chainHash()
                  + ", but the genesis is that of "
                  + spec.chainHash()));
    }
    return checkpoint(tip.height());
  }

  private Checkpoint checkpoint(long height) throws DamagedException {
    byte[] key = Table.CHECKPOINT.key(height);
    Optional<byte[]> stored = store.get(key);
    if (stored.isEmpty()) {
      throw new DamagedException(Damage.of(height, key, "the entry is missing"));
    }
    Checkpoint checkpoint = decoded(key, stored.get(), Checkpoint::decode);
    if (checkpoint.height() != height) {
      throw new DamagedException(
          Damage.of(height, key, "the checkpoint is of height " + checkpoint.height()));
    }
    return checkpoint;
  }

  private static <T> T decoded(byte[] key, byte[] value, Decoder.Reader<T> reader)
      throws DamagedException {
    try {
      return Decoder.decode(value, reader);
    } catch (MalformedException e) {
      throw new DamagedException(Damage.of(key, "malformed, " + e.getMessage()));
    }
  }

  // Where it begins.

  private Replay begin(Checkpoint tip) throws DamagedException {
    Optional<String> unusable = Optional.empty();
    if (!scratch.isEmpty()) {
      Optional<AuditMark> mark = scratch.mark();
      unusable = mark.map(found -> unusable(found, tip)).orElse(Optional.of("it cannot be read"));
      Optional<Scratch.Begun> resumed =
          unusable.isEmpty() ? mark.flatMap(scratch::resume) : Optional.empty();
      if (resumed.isPresent()) {
        long height = resumed.get().mark().reached().height();
        observer.begins(height == 0 ? new Beginning.Genesis() : new Beginning.Resumed(height));
        return replay(resumed.get(), reachedHeader(resumed.get().mark().reached().block()));
      }
      unusable = unusable.or(() -> Optional.of("its state is damaged"));
    }
    observer.begins(unusable.<Beginning>map(Beginning.Anew::new).orElseGet(Beginning.Genesis::new));
    Scratch.Begun begun = scratch.begin(tip);
    if (!checkpoint(0).equals(begun.mark().reached())) {
      throw new DamagedException(
          Damage.of(
              0,
              Table.CHECKPOINT.key(0),
              "the checkpoint is not that of the genesis block and state"));
    }
    return replay(begun, spec.genesisHeader());
  }

  /** Why the mark is of no use for this ledger. */
  private Optional<String> unusable(AuditMark mark, Checkpoint tip) {
    if (!mark.chainHash().equals(spec.chainHash())) {
      return Optional.of("it is of another chain");
    }
    if (!mark.tip().equals(tip.block())) {
      return Optional.of(
          "the ledger's last block was %s and is %s now".formatted(mark.tip(), tip.block()));
    }
    long height = mark.reached().height();
    boolean same =
        height <= tip.height()
            && store
                .get(Table.CHECKPOINT.key(height))
                .filter(bytes -> Arrays.equals(bytes, mark.reached().encoded()))
                .isPresent();
    return same
        ? Optional.empty()
        : Optional.of("the ledger's checkpoint " + height + " was changed since");
  }

  private BlockHeader reachedHeader(BlockId block) throws DamagedException {
    if (block.height() == 0) {
      return spec.genesisHeader();
    }
    byte[] key = Table.HEADER.key(block.height());
    Optional<byte[]> stored = store.get(key);
    if (stored.isEmpty()) {
      throw new DamagedException(Damage.of(block.height(), key, "the entry is missing"));
    }
    BlockHeader header = decoded(key, stored.get(), CommittedHeader::decode).header();
    if (!header.hash(spec.chainHash()).equals(block.hash())) {
      throw new DamagedException(
          Damage.of(block.height(), key, "the header was changed since the audit was there"));
    }
    return header;
  }

  private Replay replay(Scratch.Begun begun, BlockHeader parent) {
    return new Replay(store, scratch.store(), spec, begun, parent);
  }

  // The blocks.

  private void follow(Replay replay, long tip, long[] reached)
      throws DamagedException, StoppedException {
    BlockReader reader = new BlockReader(store, tip, BODIES_FROM);
    ArrayDeque<List<Supplier<Outcome>>> windows = new ArrayDeque<>();
    reached[0] = replay.mark().reached().height();
    long next = reached[0] + 1;
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
