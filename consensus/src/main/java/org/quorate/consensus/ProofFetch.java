package org.quorate.consensus;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * When this replica asks for the proofs of results that it lacks (PROTOCOL.md, R10): not at once,
 * for what is said of them may be on its way, but from the next tick on, with each; and seldom,
 * once all others were asked twice in vain. A replica that catches up may be given any number of
 * blocks without proofs, and would soon have left them behind: it asks for those at once, and
 * waits.
 */
final class ProofFetch {
  /** A replica that is so far beyond a result has no more patience. */
  static final int URGENT_BLOCKS = CatchUp.AHEAD_BLOCKS_MAX;

  /** How often a proof is asked for that nobody seemed to have. */
  static final int RETRY_TICKS = 16;

  private final CheckpointTracker checkpoints;
  private final int questions;

  /** How far this replica had executed at the last tick. */
  private long executedAtTick;

  /** The lowest block of the last questions, and how many there were. */
  private long lowest;

  private int asked;

  /** What lies up to here was asked for in vain. */
  private long vainUpTo;

  private int ticksSinceRetry;

  /**
   * @param others how many can be asked
   */
  ProofFetch(CheckpointTracker checkpoints, int others) {
    this.checkpoints = checkpoints;
    this.questions = 2 * others;
  }

  /** A tick has passed; the blocks to ask for, if it is time. */
  Optional<BlockRange> tick() {
    Optional<BlockRange> due = fresh(executedAtTick);
    executedAtTick = checkpoints.executedHeight();
    ticksSinceRetry++;
    if (due.isPresent() || ticksSinceRetry < RETRY_TICKS) {
      return due;
    }
    ticksSinceRetry = 0;
    return range(checkpoints.lowestUnproven(0, vainUpTo));
  }

  /** The blocks to ask for without waiting for a tick. */
  Optional<BlockRange> urgent() {
    return fresh(checkpoints.executedHeight() - URGENT_BLOCKS);
  }

  /** Whether the block {@code next} must wait for a proof. */
  boolean holdsBack(long next) {
    return fresh(next - ChainTip.UNPROVEN_BLOCKS_MAX).isPresent();
  }

  /** One of the others was asked. */
  void asked(BlockRange range) {
    if (range.from() != lowest) {
      lowest = range.from();
      asked = 0;
    }
    asked++;
    if (asked >= questions) {
      vainUpTo = Math.max(vainUpTo, range.to());
    }
  }

  private Optional<BlockRange> fresh(long upTo) {
    return range(checkpoints.lowestUnproven(vainUpTo, upTo));
  }

  private Optional<BlockRange> range(OptionalLong from) {
    return from.isPresent()
        ? Optional.of(checkpoints.unprovenFrom(from.getAsLong(), CatchUp.RANGE_BLOCKS_MAX))
        : Optional.empty();
  }
}
