package org.quorate.consensus.message;

import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.Vote;

/** PREPARE: the sender accepted the block in the view. {@code vote} of phase PREPARE. */
public record Prepare(Vote vote) implements Signable {
  public Prepare {
    if (vote.phase() != Phase.PREPARE) {
      throw new IllegalArgumentException("a PREPARE is a vote of its phase");
    }
  }

  /** The vote for {@code block} in {@code view}. */
  public Prepare(long view, BlockId block) {
    this(new Vote(Phase.PREPARE, view, block));
  }

  /**
   * The PREPARE that a primary casts by its PRE-PREPARE, whose signature is over the same bytes.
   */
  public static Signed<Prepare> castBy(Signed<PrePrepare> proposal) {
    return new Signed<>(
        new Prepare(proposal.content().vote()), proposal.signer(), proposal.signature());
  }

  @Override
  public Statement statement() {
    return vote;
  }

  @Override
  public void encode(Encoder out) {
    out.value(vote);
  }

  static Prepare decode(Decoder in) throws MalformedException {
    return new Prepare(Vote.decode(in));
  }

  @Override
  public String toString() {
    return "PREPARE(v" + vote.view() + " " + vote.block() + ")";
  }
}
