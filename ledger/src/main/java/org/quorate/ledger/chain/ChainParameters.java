package org.quorate.ledger.chain;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

/**
 * The genesis file's {@code consensus_params}: limits and times that all replicas of a chain share.
 * Encoded as eight u32 in the order of the components.
 *
 * @param blockTransactionsMax transactions in a block, 1 to {@value #BLOCK_TRANSACTIONS_LIMIT}
 * @param blockBytesMax bytes of transactions in a block, up to {@value #BLOCK_BYTES_LIMIT}; at
 *     least transactionBytesMax
 * @param transactionBytesMax bytes of a transaction, 256 to {@value #TRANSACTION_BYTES_LIMIT}
 * @param windowBlocks heights above the stable checkpoint in which replicas vote, 2 to {@value
 *     #WINDOW_LIMIT}
 * @param batchDelayMillis how long a primary may wait for a fuller block, for each block on its
 *     way, 0 to 10,000
 * @param viewTimeoutMillis the base T of the view timer, 10 to 600,000
 * @param clockDriftMillis how far a block's timestamp may lie beyond a replica's clock, 0 to
 *     600,000
 * @param rotationIntervalBlocks after how many final blocks of a view the next primary takes over,
 *     up to {@value #ROTATION_INTERVAL_LIMIT}; 0 for never
 */
public record ChainParameters(
    int blockTransactionsMax,
    int blockBytesMax,
    int transactionBytesMax,
    int windowBlocks,
    int batchDelayMillis,
    int viewTimeoutMillis,
    int clockDriftMillis,
    int rotationIntervalBlocks)
    implements Encodable {
  /** No chain may have more transactions in a block. */
  public static final int BLOCK_TRANSACTIONS_LIMIT = 10_000;

  /** No chain may have more bytes of transactions in a block. */
  public static final int BLOCK_BYTES_LIMIT = 4 << 20;

  /** No chain may have larger transactions. */
  public static final int TRANSACTION_BYTES_LIMIT = 1 << 20;

  /** No chain may have a wider window. */
  public static final int WINDOW_LIMIT = 1_024;

  /** No chain may leave a primary that rotates in office for more blocks. */
  public static final int ROTATION_INTERVAL_LIMIT = 1_000_000;

  /** What a genesis file gets that says nothing else. */
  public static final ChainParameters DEFAULTS =
      new ChainParameters(1_000, 1 << 20, 128 << 10, 64, 20, 2_000, 10_000, 0);

  public ChainParameters {
    check("block_transactions_max", blockTransactionsMax, 1, BLOCK_TRANSACTIONS_LIMIT);
    check("transaction_bytes_max", transactionBytesMax, 256, TRANSACTION_BYTES_LIMIT);
    check("block_bytes_max", blockBytesMax, transactionBytesMax, BLOCK_BYTES_LIMIT);
    check("window_blocks", windowBlocks, 2, WINDOW_LIMIT);
    check("batch_delay_millis", batchDelayMillis, 0, 10_000);
    check("view_timeout_millis", viewTimeoutMillis, 10, 600_000);
    check("clock_drift_millis", clockDriftMillis, 0, 600_000);
    check("rotation_interval_blocks", rotationIntervalBlocks, 0, ROTATION_INTERVAL_LIMIT);
  }

  private static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " is " + min + " to " + max + ", not " + value);
    }
  }

  @Override
  public void encode(Encoder out) {
    out.u32(blockTransactionsMax)
        .u32(blockBytesMax)
        .u32(transactionBytesMax)
        .u32(windowBlocks)
        .u32(batchDelayMillis)
        .u32(viewTimeoutMillis)
        .u32(clockDriftMillis)
        .u32(rotationIntervalBlocks);
  }

  /** Reads what {@link #encode} writes. */
  public static ChainParameters decode(Decoder in) throws MalformedException {
    int max = Integer.MAX_VALUE;
    return new ChainParameters(
        in.u32(max),
        in.u32(max),
        in.u32(max),
        in.u32(max),
        in.u32(max),
        in.u32(max),
        in.u32(max),
        in.u32(max));
  }
}
