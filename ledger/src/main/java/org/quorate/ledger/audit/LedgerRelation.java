package org.quorate.ledger.audit;

import java.util.Optional;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.proof.Checkpoint;

/** How two ledgers of one chain stand to each other. */
public sealed interface LedgerRelation {
  /** The same blocks with the same results, up to the same. */
  record Equal(BlockId tip) implements LedgerRelation {}

  /**
   * One is the other's beginning.
   *
   * @param firstIsShorter which
   * @param tip the last block of the shorter
   * @param longerHeight the height of the other
   */
  record Prefix(boolean firstIsShorter, BlockId tip, long longerHeight) implements LedgerRelation {}

  /**
   * They differ; this is the lowest height at which they do.
   *
   * @param one what the first ledger has there, if it has a checkpoint of that height
   * @param two what the second has
   * @param transaction the index of the first transaction that is not in the same place in both
   *     blocks, of two different blocks that do not differ in their headers alone
   * @param receipt the index of the first transaction of the same block that did not become the
   *     same
   */
  record Divergence(
      long height,
      Optional<Checkpoint> one,
      Optional<Checkpoint> two,
      Optional<Integer> transaction,
      Optional<Integer> receipt)
      implements LedgerRelation {}
}
