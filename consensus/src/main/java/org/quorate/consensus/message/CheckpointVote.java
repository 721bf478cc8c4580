package org.quorate.consensus.message;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;

/** CHECKPOINT: the sender executed the block with this result. {@code checkpoint}. */
public record CheckpointVote(Checkpoint checkpoint) implements Signable {
  @Override
  public byte[] signedBytes(Digest chainHash) {
    return checkpoint.signedBytes(chainHash);
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
