package org.quorate.ledger.proof;

import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.crypto.Digest;

/**
 * Something validators sign and can be held to. Of equal votes and checkpoints, enough signatures
 * form a certificate.
 */
public sealed interface Statement extends Encodable
    permits Vote, Checkpoint, ViewChangeStatement, NewViewStatement {
  /** The bytes under a validator's signature. */
  byte[] signedBytes(Digest chainHash);
}
