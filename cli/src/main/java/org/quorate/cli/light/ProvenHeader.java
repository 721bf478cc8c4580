package org.quorate.cli.light;

import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.CheckpointCertificate;

/** A header and f+1 validators' word on its block's result: {@code header ‖ certificate}. */
record ProvenHeader(BlockHeader header, CheckpointCertificate certificate) implements Encodable {
  @Override
  public void encode(Encoder out) {
    out.value(header).value(certificate);
  }

  /** Reads what {@link #encode} writes. */
  static ProvenHeader decode(Decoder in) throws MalformedException {
    return new ProvenHeader(BlockHeader.decode(in), CheckpointCertificate.decode(in));
  }
}
