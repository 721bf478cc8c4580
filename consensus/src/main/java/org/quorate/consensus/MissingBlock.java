package org.quorate.consensus;

import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.membership.ReplicaId;

/**
 * A block whose body is not here.
 *
 * @param holder who has it, if it is correct
 */
record MissingBlock(BlockId block, ReplicaId holder) {}
