package org.quorate.ledger.codec;

/** A value with exactly one encoding. */
public interface Encodable {
  /** Appends the canonical bytes. */
  void encode(Encoder out);

  /** The canonical bytes. */
  default byte[] encoded() {
    Encoder out = new Encoder();
    encode(out);
    return out.toBytes();
  }
}
