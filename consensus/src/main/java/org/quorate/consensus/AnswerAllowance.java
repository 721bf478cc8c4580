package org.quorate.consensus;

import java.util.TreeMap;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.membership.ReplicaId;

/**
 * What may be sent of blocks to each of the others between two ticks, so that small questions do
 * not make this replica spend itself on answers (PROTOCOL.md, R15 and R16). Whoever is refused asks
 * again with its next tick.
 */
final class AnswerAllowance {
  /** Bytes of transactions for one replica; a block may go beyond. */
  private static final long BYTES_MAX = 16L << 20;

  /** What a block costs at least: it must be encoded and queued, however small it is. */
  private static final long BYTES_MIN = 4L << 10;

  private final TreeMap<ReplicaId, Long> spent = new TreeMap<>();

  void tick() {
    spent.clear();
  }

  /** Whether {@code block} may be sent to {@code to}; if so it counts. */
  boolean take(ReplicaId to, Block block) {
    long before = spent.getOrDefault(to, 0L);
    if (before >= BYTES_MAX) {
      return false;
    }
    spent.put(to, before + Math.max(BYTES_MIN, block.transactionBytes()));
    return true;
  }
}
