package org.quorate.node;

import java.util.concurrent.TimeUnit;
import org.quorate.ledger.chain.ChainParameters;

/**
 * How many transactions this primary puts into one block. A block that takes the replicas longer to
 * check than the view timeout would make them suspect a primary that only has much to do; cold or
 * starved machines check a hundred times slower than they will. So a view begins with small blocks,
 * which double while they become final fast and halve when they do not. Owned by the replica's
 * thread.
 */
final class SlowStart {
  /** Where each view begins, and the least there is. */
  static final int TRANSACTIONS_MIN = 100;

  private final int max;
  private final long fastNanos;
  private final long slowNanos;
  private int limit;

  SlowStart(ChainParameters parameters) {
    this.max = parameters.blockTransactionsMax();
    this.fastNanos = TimeUnit.MILLISECONDS.toNanos(parameters.viewTimeoutMillis()) / 4;
    this.slowNanos = TimeUnit.MILLISECONDS.toNanos(parameters.viewTimeoutMillis()) / 2;
    restart();
  }

  /** A view begins. */
  void restart() {
    limit = Math.min(TRANSACTIONS_MIN, max);
  }

  /** The most transactions for the next block. */
  int limit() {
    return limit;
  }

  /** A block of this primary with so many transactions became final, so long after it was made. */
  void decided(int transactions, long ageNanos) {
    if (ageNanos > slowNanos) {
      limit = Math.max(Math.min(TRANSACTIONS_MIN, max), limit / 2);
    } else if (ageNanos < fastNanos && transactions > limit / 2) {
      limit = Math.min(max, 2 * limit);
    }
  }
}
