package org.quorate.ledger.crypto;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * Whether a signature is valid. Every replica must give the same verdict on every input, else a
 * client can split them; so there is one rule, and everything in Quorate that decides on a
 * signature decides by it.
 */
@FunctionalInterface
public interface SignatureVerifier {
  /**
   * The pinned rule: {@code key} is the canonical encoding of a point that is not of small order; R
   * is canonical; S is below the group order L; and the cofactored equation of RFC 8032, §5.1.7
   * holds. It is the verdict of the pinned Bouncy Castle version, held in place by the vector test.
   */
  SignatureVerifier ED25519 =
      (key, message, signature) -> {
        Ed25519.PublicPoint point = key.point();
        return point != null
            && Ed25519.verify(signature.raw(), 0, point, message, 0, message.length);
      };

  /** Whether {@code signature} is one of {@code key} over {@code message}. Never throws. */
  boolean verify(PublicKey key, byte[] message, Signature signature);
}
