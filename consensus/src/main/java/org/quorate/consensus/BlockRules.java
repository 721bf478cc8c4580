package org.quorate.consensus;

import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;

/**
 * Whether a proposed block is valid on top of its parent (PROTOCOL.md, R3), but for the rules kept
 * elsewhere: its size and its transactions' own were checked when the message was opened, and their
 * nonces are {@link BlockTree}'s.
 */
final class BlockRules {
  private final ChainSpec spec;

  BlockRules(ChainSpec spec) {
    this.spec = spec;
  }

  /** What a block is worth at this moment. */
  enum Validity {
    VALID,
    /**
     * Its timestamp is beyond the local clock and the allowed drift: the only local test, and it
     * may only delay a vote.
     */
    EARLY,
    INVALID
  }

  Validity check(Block block, BlockHeader parent, long nowMillis) {
    BlockHeader header = block.header();
    boolean valid =
        header.height() == parent.height() + 1
            && header.proposer().equals(spec.validators().primary(header.proposedView()))
            && header.validatorSetHash().equals(spec.validators().hash())
            && header.timestampMillis() > parent.timestampMillis();
    if (!valid) {
      return Validity.INVALID;
    }
    return header.timestampMillis() <= nowMillis + spec.parameters().clockDriftMillis()
        ? Validity.VALID
        : Validity.EARLY;
  }
}
