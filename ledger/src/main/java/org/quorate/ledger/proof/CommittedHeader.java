package org.quorate.ledger.proof;

import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

/**
 * A block's header and a commit certificate, which is the block's if {@link LightClient} says so:
 * {@code header ‖ certificate}. All that is left of a block whose transactions are dropped.
 */
public record CommittedHeader(BlockHeader header, QuorumCertificate commit) implements Encodable {
  @Override
  public void encode(Encoder out) {
    out.value(header).value(commit);
  }

  /** Reads what {@link #encode} writes. */
  public static CommittedHeader decode(Decoder in) throws MalformedException {
    return new CommittedHeader(BlockHeader.decode(in), QuorumCertificate.decode(in));
  }
}
