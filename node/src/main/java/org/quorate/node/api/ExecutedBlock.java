package org.quorate.node.api;

import java.util.List;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedBlock;

/**
 * A block that the ledger holds, and what executing it gave.
 *
 * @param receipts one for each transaction, in order
 */
public record ExecutedBlock(CommittedBlock block, Checkpoint checkpoint, List<Receipt> receipts) {
  public ExecutedBlock {
    receipts = List.copyOf(receipts);
    if (!checkpoint.block().equals(block.block().id())
        || receipts.size() != block.block().transactions().size()) {
      throw new IllegalArgumentException("checkpoint and receipts are not those of the block");
    }
  }

  /** Height of the block. */
  public long height() {
    return checkpoint.height();
  }
}
