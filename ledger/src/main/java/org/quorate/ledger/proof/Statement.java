package org.quorate.ledger.proof;

import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.crypto.Digest;

/** Something validators sign, and of which enough signatures form a certificate. */
public sealed interface Statement extends Encodable permits Vote, Checkpoint {
  /** The bytes under a validator's signature. */
  byte[] signedBytes(Digest chainHash);
}
