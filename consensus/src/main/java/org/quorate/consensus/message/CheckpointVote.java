package org.quorate.consensus.message;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.Statement;

/** CHECKPOINT: the sender executed the block with this result. {@code checkpoint}. */
public record CheckpointVote(Checkpoint checkpoint) implements Signable {
  @Override
  public Statement statement() {
    return checkpoint;
  }

  @Override
  public void encode(Encoder out) {
    out.value(checkpoint);
  }

  static CheckpointVote decode(Decoder in) throws MalformedException {
    return new CheckpointVote(Checkpoint.decode(in));
  }

  @Override
  public String toString() {
    return "CHECKPOINT(" + checkpoint.block() + ")";
  }
}
