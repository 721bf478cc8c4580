package org.quorate.node.peer;

import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: they double from the first to the longest, and each is drawn at random
 * from the upper half, so that nodes that lost each other at the same instant do not knock in step.
 */
final class Backoff {
  private final int firstMillis;
  private final int maxMillis;
  private final RandomGenerator random;
  private int nextMillis;

  Backoff(int firstMillis, int maxMillis, RandomGenerator random) {
    this.firstMillis = firstMillis;
    this.maxMillis = maxMillis;
    this.random = random;
    this.nextMillis = firstMillis;
  }

  /** The pause before the next attempt. */
  int pauseMillis() {
    int pause = nextMillis / 2 + random.nextInt(nextMillis - nextMillis / 2 + 1);
    nextMillis = (int) Math.min(maxMillis, 2L * nextMillis);
    return pause;
  }

  /** The next pause is the first again. */
  void reset() {
    nextMillis = firstMillis;
  }
}
