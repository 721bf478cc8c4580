package org.quorate.ledger;

import java.util.List;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.proof.Checkpoint;

/**
 * What executing a block gave.
 *
 * @param checkpoint what a replica signs
 * @param receipts one for each transaction, in order
 */
public record Applied(Checkpoint checkpoint, List<Receipt> receipts) {
  public Applied {
    receipts = List.copyOf(receipts);
  }
}
