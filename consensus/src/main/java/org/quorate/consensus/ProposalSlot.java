package org.quorate.consensus;

import org.quorate.ledger.chain.BlockId;

/**
 * The place in the chain that this replica, as primary, may fill with a block now.
 *
 * @param view its view
 * @param parent the block to build on
 * @param inFlight blocks below the slot that are proposed and not yet final
 */
public record ProposalSlot(long view, BlockId parent, int inFlight) {
  /** The height of the block to be proposed. */
  public long height() {
    return parent.height() + 1;
  }
}
