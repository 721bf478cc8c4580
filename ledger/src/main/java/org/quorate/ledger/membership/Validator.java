package org.quorate.ledger.membership;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.PublicKey;

/**
 * A validator as the chain knows it: {@code text name ‖ fixed[32] public key}.
 *
 * @param name 1 to 64 bytes of UTF-8
 */
public record Validator(String name, PublicKey publicKey) implements Encodable {
  public Validator {
    Names.check("validator", name);
  }

  @Override
  public void encode(Encoder out) {
    out.text(name).fixed(publicKey.bytes());
  }

  /** Reads what {@link #encode} writes. */
  public static Validator decode(Decoder in) throws MalformedException {
    return new Validator(in.text(Names.BYTES_MAX), PublicKey.of(in.fixed(PublicKey.BYTES)));
  }
}
