package org.quorate.consensus;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;
import org.quorate.ledger.membership.ReplicaId;

/**
 * When this replica asks for the proofs of results that it lacks (PROTOCOL.md, R10): not at once,
 * for what is said of them may be on its way, but from the next tick but one on with each. A
 * replica that catches up may be given any number of blocks without proofs, and would soon have
 * left them behind: it asks for those at once, and waits for the lowest until all others had the
 * time to answer.
 */
final class ProofFetch {
  /** A replica that is so far beyond a result has no more patience. */
  static final int URGENT_BLOCKS = CatchUp.AHEAD_BLOCKS_MAX;

  /** How often a proof is asked for that nobody seemed to have. */
  static final int RETRY_TICKS = 4;

  private final CheckpointTracker checkpoints;
  private final RangeRequests requests;
  private final int vainTicks;

  /** Who has answered without a proof since the last tick. */
  private final TreeSet<ReplicaId> fruitless = new TreeSet<>();

  /** How far this replica had executed at the last tick. */
  private long executedAtTick;

  /** The lowest result that was asked for at the last tick, and at how many ticks before. */
  private long lowest;

  private int ticksWaited;

  /** What lies up to here was waited for in vain. */
  private long vainUpTo;

  private int ticks;
  private long retriedUpTo;

  /**
   * @param others how many can be asked
   */
  ProofFetch(CheckpointTracker checkpoints, RangeRequests requests, int others) {
    this.checkpoints = checkpoints;
    this.requests = requests;
    this.vainTicks = CatchUp.PATIENCE_TICKS * (1 + others);
  }

  /** A tick has passed; the blocks to ask for, if it is time. */
  Optional<BlockRange> tick() {
    fruitless.clear();
    giveUpLowest();
    ticks++;
    Optional<BlockRange> due = ticks % RETRY_TICKS == 0 ? retry() : Optional.empty();
    if (due.isEmpty()) {
      due = next(vainUpTo, executedAtTick);
    }
    executedAtTick = checkpoints.executedHeight();
    return due;
  }

  private void giveUpLowest() {
    long before = lowest;
    lowest = checkpoints.lowestUnproven(vainUpTo, executedAtTick).orElse(0);
    if (lowest == 0 || lowest != before) {
      ticksWaited = 0;
    } else if (++ticksWaited >= vainTicks) {
      vainUpTo = range(lowest, executedAtTick).to();
    }
  }

  /** The next range of those that were waited for in vain, from the lowest on again after all. */
  private Optional<BlockRange> retry() {
    Optional<BlockRange> due =
        next(retriedUpTo, vainUpTo).or(() -> next(0, Math.min(retriedUpTo, vainUpTo)));
    due.ifPresent(range -> retriedUpTo = range.to());
    return due;
  }

  /** The blocks to ask for without waiting for a tick. */
  Optional<BlockRange> urgent() {
    return next(vainUpTo, checkpoints.executedHeight() - URGENT_BLOCKS);
  }

  /** Whether the block {@code next}, and what may be asked for with it, must wait for a proof. */
  boolean holdsBack(long next) {
    long last = next + CatchUp.RANGE_BLOCKS_MAX - 1;
    return checkpoints.lowestUnproven(vainUpTo, last - ChainTip.UNPROVEN_BLOCKS_MAX).isPresent();
  }

  /** {@code from} has answered a question for proofs, which begins with one that is lacking. */
  void answered(ReplicaId from, List<Item> items) {
    if (items.isEmpty() || items.get(0).checkpoint().isEmpty()) {
      fruitless.add(from);
    }
  }

  /** Whether {@code peer} may be asked before the next tick. */
  boolean mayBeAsked(ReplicaId peer) {
    return !fruitless.contains(peer);
  }

  /** The lowest results between these heights that nobody is asked for now. */
  private Optional<BlockRange> next(long above, long upTo) {
    OptionalLong found = checkpoints.lowestUnproven(above, upTo);
    while (found.isPresent()) {
      Optional<BlockRange> underWay = Optional.ofNullable(requests.covering(found.getAsLong()));
      if (underWay.isEmpty()) {
        return Optional.of(range(found.getAsLong(), upTo));
      }
      found = checkpoints.lowestUnproven(underWay.get().to(), upTo);
    }
    return Optional.empty();
  }

  /** There may be proofs between those that are lacking. */
  private BlockRange range(long from, long upTo) {
    long last = Math.min(upTo, from + CatchUp.RANGE_BLOCKS_MAX - 1);
    return new BlockRange(from, checkpoints.highestUnproven(last));
  }
}
