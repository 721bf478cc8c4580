package org.quorate.ledger.proof;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * A quorum's votes for one block in one view: {@code vote ‖ signatures}. Of PREPAREs it is a
 * prepared certificate, of COMMITs a commit certificate, the proof of the block. Holding one says
 * nothing: {@link #check} does.
 */
public record QuorumCertificate(Vote vote, SignatureSet signatures) implements Encodable {
  /** Whether a quorum of {@code validators} signed the vote. */
  public Verdict check(ValidatorSet validators, Digest chainHash, SignatureVerifier verifier) {
    return signatures.check(vote, validators.quorum().quorum(), validators, chainHash, verifier);
  }

  @Override
  public void encode(Encoder out) {
    out.value(vote).value(signatures);
  }

  /** Reads what {@link #encode} writes. */
  public static QuorumCertificate decode(Decoder in) throws MalformedException {
    return new QuorumCertificate(Vote.decode(in), SignatureSet.decode(in));
  }
}
