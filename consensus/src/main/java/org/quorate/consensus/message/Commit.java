package org.quorate.consensus.message;

import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.Vote;

/**
 * COMMIT: the sender holds a prepared certificate of the view for the block or a descendant of it.
 * {@code vote} of phase COMMIT.
 */
public record Commit(Vote vote) implements Signable {
  public Commit {
    if (vote.phase() != Phase.COMMIT) {
      throw new IllegalArgumentException("a COMMIT is a vote of its phase");
    }
  }

  /** The vote for {@code block} in {@code view}. */
  public Commit(long view, BlockId block) {
    this(new Vote(Phase.COMMIT, view, block));
  }

  @Override
  public Statement statement() {
    return vote;
  }

  @Override
  public void encode(Encoder out) {
    out.value(vote);
  }

  static Commit decode(Decoder in) throws MalformedException {
    return new Commit(Vote.decode(in));
  }

  @Override
  public String toString() {
    return "COMMIT(v" + vote.view() + " " + vote.block() + ")";
  }
}
