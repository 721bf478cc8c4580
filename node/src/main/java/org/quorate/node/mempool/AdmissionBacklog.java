package org.quorate.node.mempool;

import org.quorate.node.NodeLimits;

/**
 * How many transactions, and bytes of them, wait for their check; bounded by {@link NodeLimits}.
 * Safe for use by any thread.
 */
final class AdmissionBacklog {
  private int transactions;
  private long bytes;

  /** Makes room for them if there is; what was let in must {@link #leave}. */
  synchronized boolean enter(int moreTransactions, long moreBytes) {
    if (transactions + moreTransactions > NodeLimits.ADMISSION_TRANSACTIONS_MAX
        || bytes + moreBytes > NodeLimits.ADMISSION_BYTES_MAX) {
      return false;
    }
    transactions += moreTransactions;
    bytes += moreBytes;
    return true;
  }

  synchronized void leave(int fewerTransactions, long fewerBytes) {
    transactions -= fewerTransactions;
    bytes -= fewerBytes;
  }

  synchronized int transactions() {
    return transactions;
  }
}
