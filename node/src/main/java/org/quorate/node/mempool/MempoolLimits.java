package org.quorate.node.mempool;

import org.quorate.node.NodeLimits;

/**
 * How much a mempool holds.
 *
 * @param transactionsMax transactions in all, at least 1
 * @param bytesMax their encoded bytes in all
 * @param clientTransactionsMax transactions of one client, at least 1
 * @param clientBytesMax encoded bytes of one client's transactions
 */
public record MempoolLimits(
    int transactionsMax, long bytesMax, int clientTransactionsMax, long clientBytesMax) {
  /** Those of {@link NodeLimits}. */
  public static final MempoolLimits DEFAULTS =
      new MempoolLimits(
          NodeLimits.MEMPOOL_TRANSACTIONS_MAX,
          NodeLimits.MEMPOOL_BYTES_MAX,
          NodeLimits.MEMPOOL_CLIENT_TRANSACTIONS_MAX,
          NodeLimits.MEMPOOL_CLIENT_BYTES_MAX);

  public MempoolLimits {
    if (transactionsMax < 1 || bytesMax < 1 || clientTransactionsMax < 1 || clientBytesMax < 1) {
      throw new IllegalArgumentException("each limit of a mempool is at least 1");
    }
  }
}
