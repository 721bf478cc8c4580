package org.quorate.ledger.proof;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * Signatures of several replicas over one checkpoint: {@code checkpoint ‖ signatures}. With f+1 of
 * them the result is proven, with a quorum the checkpoint is stable. Holding one says nothing: the
 * checks do.
 */
public record CheckpointCertificate(Checkpoint checkpoint, SignatureSet signatures)
    implements Encodable {
  /** The height of the checkpoint's block. */
  public long height() {
    return checkpoint.height();
  }

  /** Whether a quorum of {@code validators} signed, so that the checkpoint is stable. */
  public Verdict checkStable(
      ValidatorSet validators, Digest chainHash, SignatureVerifier verifier) {
    return signatures.check(
        checkpoint, validators.quorum().quorum(), validators, chainHash, verifier);
  }

  /**
   * Whether f+1 of {@code validators} signed, so that at least one correct replica got this result.
   */
  public Verdict checkProven(
      ValidatorSet validators, Digest chainHash, SignatureVerifier verifier) {
    return signatures.check(
        checkpoint, validators.quorum().weakQuorum(), validators, chainHash, verifier);
  }

  @Override
  public void encode(Encoder out) {
    out.value(checkpoint).value(signatures);
  }

  /** Reads what {@link #encode} writes. */
  public static CheckpointCertificate decode(Decoder in) throws MalformedException {
    return new CheckpointCertificate(Checkpoint.decode(in), SignatureSet.decode(in));
  }
}
