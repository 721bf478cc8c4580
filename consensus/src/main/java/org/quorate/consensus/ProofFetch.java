package org.quorate.consensus;

import java.util.Optional;

/**
 * When this replica asks for the proofs of results that it lacks (PROTOCOL.md, R10): not at once,
 * for what was said of them may be on its way; then with each tick; ever more rarely once all
 * others were asked in vain.
 */
final class ProofFetch {
  private static final int PATIENCE_TICKS = 2;

  /** The wait grows to at most 2^6 ticks. */
  private static final int DOUBLINGS_MAX = 6;

  private final CheckpointTracker checkpoints;
  private final int others;

  /** The lowest block without a proof, at the last tick; 0 for none. */
  private long from;

  /** How often it was asked for in vain. */
  private int asked;

  private int ticksToWait;

  /**
   * @param others how many can be asked
   */
  ProofFetch(CheckpointTracker checkpoints, int others) {
    this.checkpoints = checkpoints;
    this.others = Math.max(1, others);
  }

  /** A tick has passed; the blocks to ask for, if it is time. */
  Optional<BlockRange> tick() {
    Optional<BlockRange> unproven = checkpoints.unproven(CatchUp.RANGE_BLOCKS_MAX);
    long lowest = unproven.map(BlockRange::from).orElse(0L);
    if (lowest != from) {
      ticksToWait = from == 0 ? PATIENCE_TICKS : 1;
      asked = 0;
      from = lowest;
    }
    if (unproven.isEmpty() || --ticksToWait > 0) {
      return Optional.empty();
    }
    ticksToWait = 1 << Math.min(asked / others, DOUBLINGS_MAX);
    asked++;
    return unproven;
  }
}
