package org.quorate.node.mempool;

import org.quorate.ledger.chain.Transaction;

/** A transaction in the mempool. Owned by the mempool's lock; one instance for each. */
final class PendingTransaction {
  static final long NOT_HANDED = Long.MAX_VALUE;

  final Transaction transaction;
  final long arrivedMillis;

  /** Since when it waits to be told of as overdue. */
  long overdueSinceMillis;

  /** When it was first sent to a primary, if it was. */
  long handedMillis = NOT_HANDED;

  PendingTransaction(Transaction transaction, long nowMillis) {
    this.transaction = transaction;
    this.arrivedMillis = nowMillis;
    this.overdueSinceMillis = nowMillis;
  }
}
