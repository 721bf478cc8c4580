package org.quorate.ledger.audit;

import java.util.Optional;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.proof.Checkpoint;

/** How two ledgers of one chain stand to each other, from the lowest height that both have. */
public sealed interface LedgerRelation {
  /**
   * The same blocks with the same results, up to the same.
   *
   * @param from the lowest height at which results were compared: 0, or the block of the snapshot
   *     with which one of them began
   */
  record Equal(long from, BlockId tip) implements LedgerRelation {}

  /**
   * One is the other's beginning.
   *
   * @param from as of {@link Equal}
   * @param firstIsShorter which
   * @param tip the last block of the shorter
   * @param longerHeight the height of the other
   */
  record Prefix(long from, boolean firstIsShorter, BlockId tip, long longerHeight)
      implements LedgerRelation {}

  /**
   * They have no height in common: one ends below the snapshot with which the other began.
   *
   * @param firstIsLower which ends
   * @param lowerHeight with this block
   * @param higherFrom where the other begins
   */
  record Apart(boolean firstIsLower, long lowerHeight, long higherFrom) implements LedgerRelation {}

  /**
   * They differ; this is the lowest height at which they do.
   *
   * @param from as of {@link Equal}
   * @param one what the first ledger has there, if it has a checkpoint of that height
   * @param two what the second has
   * @param dropped whether one of them has no transactions of that height any more, so that neither
   *     of the two places below can be told
   * @param transaction the index of the first transaction that is not in the same place in both
   *     blocks, of two different blocks that do not differ in their headers alone
   * @param receipt the index of the first transaction of the same block that did not become the
   *     same
   */
  record Divergence(
      long from,
      long height,
      Optional<Checkpoint> one,
      Optional<Checkpoint> two,
      boolean dropped,
      Optional<Integer> transaction,
      Optional<Integer> receipt)
      implements LedgerRelation {}
}
