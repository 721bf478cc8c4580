package org.quorate.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.crypto.Digest;
import org.quorate.node.mempool.Mempool.Handed;

/**
 * Finds a primary that orders, but leaves out what it was given (PROTOCOL.md, R24): blocks that had
 * room, and in which a transaction is missing that the primary must have had.
 *
 * <p>A correct primary puts all it has into a block, up to a limit that is never below {@link
 * SlowStart#TRANSACTIONS_MIN}. So a smaller block tells that the rest of its mempool was empty. It
 * may still have refused the transaction: because its mempool, or its client's share of it, was
 * full of what stood in blocks already. The last window of blocks tells whether it can have been.
 * Owned by the replica's thread.
 */
final class CensorshipRule {
  /** Blocks in which a transaction must be missing. One could be a lost message. */
  static final int STRIKES = 3;

  /** While more than so many wait here, the primary may not have taken all that was sent to it. */
  static final int WAITING_MAX = RunnerLimits.FORWARDED_WAITING_MAX / 2;

  private final ChainParameters parameters;
  private final RecentBlocks recent;
  private final Map<Digest, Integer> strikes = new HashMap<>();
  private long checkedMillis = Long.MIN_VALUE;

  CensorshipRule(ChainParameters parameters) {
    this.parameters = parameters;
    this.recent = new RecentBlocks(parameters.windowBlocks());
  }

  /** Another view begins. */
  void restart() {
    strikes.clear();
    checkedMillis = Long.MIN_VALUE;
  }

  /** A block became final; asked before {@link #censored}. */
  void decided(Block block) {
    recent.add(block);
  }

  /** Whether {@code block} had room, even for the largest transaction. */
  private boolean hadRoom(Block block) {
    long bytes = block.transactions().stream().mapToLong(one -> one.size()).sum();
    int least = Math.min(SlowStart.TRANSACTIONS_MIN, parameters.blockTransactionsMax());
    return block.transactions().size() < least
        && bytes + parameters.transactionBytesMax() <= parameters.blockBytesMax();
  }

  /**
   * Whether {@code block}, the last that became final, is worth a look: it had room, and the last
   * look was some time ago.
   */
  boolean tells(Block block, long nowMillis) {
    return hadRoom(block)
        && recent
            .all()
            .lessThanHalf(NodeLimits.MEMPOOL_TRANSACTIONS_MAX, NodeLimits.MEMPOOL_BYTES_MAX)
        && (checkedMillis == Long.MIN_VALUE
            || nowMillis - checkedMillis >= parameters.viewTimeoutMillis() / 8);
  }

  /**
   * Takes note of what is missing in a block that {@link #tells}; whether the primary is a censor.
   *
   * @param waiting of each client what was handed over first and stands in no block
   * @param enteredMillis when the view was entered; nothing was handed to its primary before
   * @param acceptedMillis when the block came here
   */
  boolean censored(List<Handed> waiting, long enteredMillis, long acceptedMillis, long nowMillis) {
    checkedMillis = nowMillis;
    int timeout = parameters.viewTimeoutMillis();
    Map<Digest, Integer> before = Map.copyOf(strikes);
    strikes.clear();
    boolean censor = false;
    for (Handed handed : waiting) {
      long since = Math.max(handed.sinceMillis(), enteredMillis);
      int count = before.getOrDefault(handed.hash(), 0);
      if (since + timeout / 2 <= acceptedMillis && hadRoomFor(handed)) {
        count++;
      }
      if (count > 0) {
        strikes.put(handed.hash(), count);
      }
      censor |= count >= STRIKES && nowMillis - since >= timeout;
    }
    return censor;
  }

  private boolean hadRoomFor(Handed handed) {
    return recent
        .of(handed.client())
        .lessThanHalf(
            NodeLimits.MEMPOOL_CLIENT_TRANSACTIONS_MAX, NodeLimits.MEMPOOL_CLIENT_BYTES_MAX);
  }
}
