package org.quorate.node.mempool;

import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;

/**
 * Decides when the primary proposes a block, and of which transactions. If no block is on its way,
 * whatever is pending goes at once: nothing is gained by waiting. While blocks are on their way, a
 * block goes when it is full, or {@code batch_delay_millis} for each of them after the one before:
 * so load makes blocks larger rather than more numerous, the more so the longer they take.
 *
 * <p>Owned by the thread that runs the replica.
 */
public final class BatchBuilder {
  private final Mempool pool;
  private final ChainParameters parameters;
  private final LongSupplier clockMillis;
  private long proposedMillis;

  /**
   * @param clockMillis a clock that never goes back, in milliseconds
   */
  public BatchBuilder(Mempool pool, ChainParameters parameters, LongSupplier clockMillis) {
    this.pool = pool;
    this.parameters = parameters;
    this.clockMillis = clockMillis;
    this.proposedMillis = clockMillis.getAsLong() - parameters.batchDelayMillis();
  }

  /**
   * The transactions of the next block, if one is due.
   *
   * @param blocksInFlight blocks proposed and not yet final
   * @param inFlight the hashes of their transactions
   * @param countMax the most transactions that the primary wants in a block now. The mempool must
   *     hear of it: who was in a batch has had a turn
   * @return empty if no block is due now: nothing to propose, or {@link #waitMillis} to go
   */
  public List<Transaction> take(int blocksInFlight, Set<Digest> inFlight, int countMax) {
    if (waitMillis(blocksInFlight, inFlight.size()) > 0) {
      return List.of();
    }
    List<Transaction> batch =
        pool.batch(
            Math.min(countMax, parameters.blockTransactionsMax()),
            parameters.blockBytesMax(),
            inFlight::contains);
    if (!batch.isEmpty()) {
      proposedMillis = clockMillis.getAsLong();
    }
    return batch;
  }

  /**
   * How long until a block is due, supposing there is something to propose; 0 if it is due now. To
   * be asked again when transactions arrive or a block becomes final.
   *
   * @param blocksInFlight blocks proposed and not yet final
   * @param transactionsInFlight the number of their transactions
   */
  public long waitMillis(int blocksInFlight, int transactionsInFlight) {
    if (blocksInFlight == 0 || fillsABlock(transactionsInFlight)) {
      return 0;
    }
    long delayMillis = (long) blocksInFlight * parameters.batchDelayMillis();
    return Math.max(0, proposedMillis + delayMillis - clockMillis.getAsLong());
  }

  /**
   * Supposes that those in flight are in the mempool and of average size; if not, a block is due a
   * little early or late, and nothing else happens.
   */
  private boolean fillsABlock(int transactionsInFlight) {
    int size = pool.size();
    int waiting = size - transactionsInFlight;
    if (waiting <= 0) {
      return false;
    }
    return waiting >= parameters.blockTransactionsMax()
        || pool.bytes() * waiting / size >= parameters.blockBytesMax();
  }
}
