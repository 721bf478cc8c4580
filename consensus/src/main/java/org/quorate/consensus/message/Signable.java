package org.quorate.consensus.message;

import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Statement;

/** The content of a signed message: it may hold more than the statement that is signed by it. */
public sealed interface Signable extends Encodable
    permits PrePrepare, Prepare, Commit, CheckpointVote, ViewChange, NewView {
  /** What the signer says by it, and can be held to. */
  Statement statement();

  /** The bytes under the signature. */
  default byte[] signedBytes(Digest chainHash) {
    return statement().signedBytes(chainHash);
  }
}
