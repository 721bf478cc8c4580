package org.quorate.node.api;

import java.util.concurrent.atomic.AtomicLong;

/** An amount that many share and none exceeds. Safe for use by any thread. */
final class Budget {
  private final long max;
  private final AtomicLong taken = new AtomicLong();

  Budget(long max) {
    this.max = max;
  }

  /** Takes {@code amount} if it is left. */
  boolean take(long amount) {
    if (taken.addAndGet(amount) > max) {
      taken.addAndGet(-amount);
      return false;
    }
    return true;
  }

  void giveBack(long amount) {
    taken.addAndGet(-amount);
  }

  long taken() {
    return taken.get();
  }
}
