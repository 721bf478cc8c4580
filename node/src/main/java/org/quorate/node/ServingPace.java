package org.quorate.node;

/**
 * How fast blocks are served to all peers together, so that those who catch up do not slow down the
 * one that serves them: each answer is paid for by waiting before the next. Times are of a clock
 * that never goes back, such as {@link System#nanoTime}. Owned by one thread.
 */
final class ServingPace {
  private static final long SECOND_NANOS = 1_000_000_000;

  private long freeNanos;

  ServingPace(long nowNanos) {
    this.freeNanos = nowNanos;
  }

  /** How long the next answer has to wait. */
  long waitNanos(long nowNanos) {
    return Math.max(0, freeNanos - nowNanos);
  }

  /** An answer left; time in which nothing was served is not made up for. */
  void served(long nowNanos, int blocks, long bytes) {
    long forBlocks = blocks * SECOND_NANOS / RunnerLimits.SERVED_BLOCKS_PER_SECOND_MAX;
    long forBytes = bytes * SECOND_NANOS / RunnerLimits.SERVED_BYTES_PER_SECOND_MAX;
    freeNanos = nowNanos + Math.max(forBlocks, forBytes);
  }
}
