package org.quorate.ledger;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;

/**
 * What the store holds: {@code u16 format(3) ‖ fixed[32] chainHash ‖ u64 height}.
 *
 * @param height of the last block applied
 */
public record TipRecord(Digest chainHash, long height) implements Encodable {
  private static final int FORMAT = 3;

  @Override
  public void encode(Encoder out) {
    out.u16(FORMAT).fixed(chainHash.bytes()).u64(height);
  }

  /** Reads what {@link #encode} writes. */
  public static TipRecord decode(Decoder in) throws MalformedException {
    int format = in.u16();
    if (format != FORMAT) {
      throw new MalformedException("the store's format is " + format + ", not " + FORMAT);
    }
    return new TipRecord(Digest.of(in.fixed(Digest.BYTES)), in.u64());
  }
}
