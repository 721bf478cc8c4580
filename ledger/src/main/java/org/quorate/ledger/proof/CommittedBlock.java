package org.quorate.ledger.proof;

import org.quorate.ledger.chain.Block;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

/**
 * A block and the commit certificate that makes it final: {@code block ‖ certificate}. They are for
 * the same block, in phase COMMIT.
 */
public record CommittedBlock(Block block, QuorumCertificate commit) implements Encodable {
  public CommittedBlock {
    if (commit.vote().phase() != Phase.COMMIT || !commit.vote().block().equals(block.id())) {
      throw new IllegalArgumentException("the certificate is not a commit certificate of " + block);
    }
  }

  @Override
  public void encode(Encoder out) {
    out.value(block).value(commit);
  }

  /** Reads what {@link #encode} writes. */
  public static CommittedBlock decode(Decoder in) throws MalformedException {
    return new CommittedBlock(Block.decode(in), QuorumCertificate.decode(in));
  }
}
