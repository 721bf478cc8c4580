package org.quorate.ledger.proof;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * Signatures of distinct replicas over one statement: {@code u16 count, count × (u16 replica ‖
 * fixed[64] signature)}, replicas strictly rising, so that no signer can stand twice. Immutable.
 */
public final class SignatureSet implements Encodable {
  private final SortedMap<ReplicaId, Signature> signatures;

  public SignatureSet(Map<ReplicaId, Signature> signatures) {
    this.signatures = Collections.unmodifiableSortedMap(new TreeMap<>(signatures));
  }

  /** Who signed what; in rising order, cannot be changed. */
  public SortedMap<ReplicaId, Signature> signatures() {
    return signatures;
  }

  /** Number of signers. */
  public int size() {
    return signatures.size();
  }

  /**
   * Checks, in this order: at least {@code threshold} signers; each of them in {@code validators};
   * each signature over {@code statement}.
   */
  public Verdict check(
      Statement statement,
      int threshold,
      ValidatorSet validators,
      Digest chainHash,
      SignatureVerifier verifier) {
    if (signatures.size() < threshold) {
      return Verdict.invalid(
          Verdict.Fault.TOO_FEW_SIGNERS,
          signatures.size() + " signers where " + threshold + " are needed");
    }
    byte[] signed = statement.signedBytes(chainHash);
    for (Map.Entry<ReplicaId, Signature> entry : signatures.entrySet()) {
      ReplicaId signer = entry.getKey();
      if (!validators.contains(signer)) {
        return Verdict.invalid(
            Verdict.Fault.FOREIGN_SIGNER,
            signer + " is not one of " + validators.n() + " validators");
      }
      if (!verifier.verify(validators.validator(signer).publicKey(), signed, entry.getValue())) {
        return Verdict.invalid(
            Verdict.Fault.BAD_SIGNATURE, "the signature of " + validators.validator(signer).name());
      }
    }
    return Verdict.valid();
  }

  @Override
  public void encode(Encoder out) {
    out.u16(signatures.size());
    signatures.forEach((signer, signature) -> out.value(signer).fixed(signature.bytes()));
  }

  /** Reads what {@link #encode} writes. */
  public static SignatureSet decode(Decoder in) throws MalformedException {
    int count = in.u16();
    if (count > ValidatorSet.VALIDATORS_MAX) {
      throw new MalformedException(count + " signers are more than there can be validators");
    }
    TreeMap<ReplicaId, Signature> signatures = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      ReplicaId signer = ReplicaId.decode(in);
      if (!signatures.isEmpty() && signer.compareTo(signatures.lastKey()) <= 0) {
        throw new MalformedException("signers are not in rising order at " + signer);
      }
      signatures.put(signer, Signature.of(in.fixed(Signature.BYTES)));
    }
    return new SignatureSet(signatures);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignatureSet set && signatures.equals(set.signatures);
  }

  @Override
  public int hashCode() {
    return signatures.hashCode();
  }

  @Override
  public String toString() {
    return signatures.keySet().toString();
  }
}
