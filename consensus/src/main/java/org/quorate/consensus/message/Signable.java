package org.quorate.consensus.message;

import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.crypto.Digest;

/** The content of a signed message. */
public sealed interface Signable extends Encodable
    permits PrePrepare, Prepare, Commit, CheckpointVote, ViewChange, NewView {
  /** The bytes under the signature. */
  byte[] signedBytes(Digest chainHash);
}
