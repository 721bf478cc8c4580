package org.quorate.cli.client;

import java.time.Duration;

/** A moment until which something is tried again. */
final class Deadline {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final long endNanos;

  private Deadline(long endNanos) {
    this.endNanos = endNanos;
  }

  static Deadline in(Duration timeout) {
    return new Deadline(System.nanoTime() + timeout.toNanos());
  }

  /** What is left of the time, at most {@code most}, at least nothing. */
  Duration leftUpTo(Duration most) {
    Duration left = Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    return left.compareTo(most) < 0 ? left : most;
  }

  boolean isOver() {
    return System.nanoTime() - endNanos >= 0;
  }

  /** Waits a little, so that nodes are not asked in a tight loop; false where the time is over. */
  boolean pause() throws InterruptedException {
    if (isOver()) {
      return false;
    }
    Thread.sleep(leftUpTo(PAUSE).toMillis() + 1);
    return true;
  }
}
