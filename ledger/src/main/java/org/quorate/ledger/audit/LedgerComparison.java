package org.quorate.ledger.audit;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.TipRecord;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * Two ledgers of one chain side by side. Believes both: what each holds is for an audit to check.
 *
 * <p>All checkpoints that both have are compared, one pass through a small table: the hash of a
 * block fixes the blocks before it, so that a search by halves would find the first block that
 * differs, but nothing fixes earlier results, which may differ and be the same again later.
 *
 * <p>Owned by one thread; neither store is written meanwhile.
 */
public final class LedgerComparison {
  private final Side one;
  private final Side two;

  private record Side(StoreReader store, ChainStore reads, KeptRecord kept, long height) {
    static Side of(StoreReader store, Digest chainHash) {
      ChainStore reads = new ChainStore(store, chainHash);
      TipRecord tip =
          reads.tip().orElseThrow(() -> new StorageException("the store is not that of a ledger"));
      return new Side(store, reads, reads.kept(), tip.height());
    }

    /** The lowest height with a result. */
    long from() {
      return kept.headersFrom() == 1 ? 0 : kept.headersFrom();
    }
  }

  /** Both are of this chain. */
  public LedgerComparison(StoreReader one, StoreReader two, Digest chainHash) {
    this.one = Side.of(one, chainHash);
    this.two = Side.of(two, chainHash);
  }

  /**
   * How their blocks and results stand to each other.
   *
   * @throws StorageException if what must be looked at cannot be read
   */
  public LedgerRelation relation() {
    long from = Math.max(one.from(), two.from());
    long common = Math.min(one.height(), two.height());
    if (from > common) {
      return new LedgerRelation.Apart(one.height() == common, common, from);
    }
    Entries ones = checkpoints(one, from);
    Entries twos = checkpoints(two, from);
    for (long height = from; height <= common; height++) {
      boolean same = ones.hasNext() && twos.hasNext() && ones.next().equalTo(twos.next());
      if (!same) {
        return divergence(from, height);
      }
    }
    Checkpoint last =
        one.reads()
            .checkpoint(common)
            .orElseThrow(() -> new StorageException("the store has no checkpoint " + common));
    return one.height() == two.height()
        ? new LedgerRelation.Equal(from, last.block())
        : new LedgerRelation.Prefix(
            from, one.height() < two.height(), last.block(), Math.max(one.height(), two.height()));
  }

  private static Entries checkpoints(Side side, long from) {
    return new Entries(side.store(), Table.CHECKPOINT.key(), Table.CHECKPOINT.key(from));
  }

  private LedgerRelation divergence(long from, long height) {
    Optional<Checkpoint> left = one.reads().checkpoint(height);
    Optional<Checkpoint> right = two.reads().checkpoint(height);
    boolean sameBlock =
        left.map(Checkpoint::block).equals(right.map(Checkpoint::block)) && left.isPresent();
    boolean dropped =
        height > 0
            && height < Math.max(one.kept().transactionsFrom(), two.kept().transactionsFrom());
    return new LedgerRelation.Divergence(
        from,
        height,
        left,
        right,
        dropped,
        dropped || sameBlock
            ? Optional.empty()
            : firstDifference(transactions(one, height), transactions(two, height)),
        sameBlock && !dropped
            ? firstDifference(receipts(one, height), receipts(two, height))
            : Optional.empty());
  }

  private static List<Digest> transactions(Side side, long height) {
    Optional<CommittedBlock> block = height == 0 ? Optional.empty() : side.reads().block(height);
    return block
        .map(
            found ->
                found.block().transactions().stream()
                    .map(transaction -> transaction.hash())
                    .toList())
        .orElse(List.of());
  }

  private static List<Receipt> receipts(Side side, long height) {
    return side.reads().receipts(height).orElse(List.of());
  }

  private static <T> Optional<Integer> firstDifference(List<T> left, List<T> right) {
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      if (i >= left.size() || i >= right.size() || !left.get(i).equals(right.get(i))) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** How their states differ; reads both whole. */
  public StateRelation states() {
    StateComparison states = new StateComparison(one.store(), two.store());
    Optional<StateDifference> first = Optional.empty();
    long differing = 0;
    try {
      Pace pace = new Pace(AuditObserver.NONE, AuditStage.STATE, 0);
      for (Optional<StateDifference> next = states.next(pace);
          next.isPresent();
          next = states.next(pace)) {
        first = first.isPresent() ? first : next;
        differing++;
      }
    } catch (StoppedException e) {
      throw new AssertionError("nobody stops it", e);
    }
    return new StateRelation(one.height(), two.height(), differing, first);
  }
}
