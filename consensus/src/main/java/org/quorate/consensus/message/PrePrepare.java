package org.quorate.consensus.message;

import org.quorate.ledger.chain.Block;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.Vote;

/**
 * PRE-PREPARE: the primary of {@code view} proposes {@code block}. {@code u64 view ‖ block}. Its
 * signature is the primary's PREPARE for that block, whose hash covers the rest.
 */
public record PrePrepare(long view, Block block) implements Signable {
  public PrePrepare {
    if (view != block.header().proposedView()) {
      throw new IllegalArgumentException("a block is proposed in the view that its header names");
    }
  }

  /** The vote that the primary casts by it. */
  public Vote vote() {
    return new Vote(Phase.PREPARE, view, block.id());
  }

  @Override
  public Statement statement() {
    return vote();
  }

  @Override
  public void encode(Encoder out) {
    out.u64(view).value(block);
  }

  static PrePrepare decode(Decoder in) throws MalformedException {
    return new PrePrepare(in.u64(), Block.decode(in));
  }

  @Override
  public String toString() {
    return "PRE-PREPARE(v" + view + " " + block.id() + ")";
  }
}
