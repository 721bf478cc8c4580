package org.quorate.ledger.audit;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.proof.Checkpoint;

/**
 * A block about which everything holds that does not depend on the blocks before it.
 *
 * @param checkpoint as it is stored: of this block, but its roots are not yet executed
 * @param body empty where transactions are not kept
 * @param checkpointSigners how many signed the checkpoint, 0 if no certificate is known
 */
record CheckedBlock(
    BlockHeader header, Checkpoint checkpoint, Optional<Body> body, int checkpointSigners) {

  /** The block, and the receipts as they are stored, which are not yet executed. */
  record Body(Block block, List<Receipt> receipts) {}

  long height() {
    return header.height();
  }

  /** The outcome of the check of one height, which may come from another thread. */
  sealed interface Outcome {
    /** All holds. */
    record Sound(CheckedBlock block) implements Outcome {}

    /** Something does not. */
    record Faulty(Damage damage) implements Outcome {}
  }
}
