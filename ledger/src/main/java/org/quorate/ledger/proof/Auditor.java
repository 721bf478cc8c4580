package org.quorate.ledger.proof;

import java.util.List;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * Judges evidence against the genesis alone: no network, no storage, no trust in who handed it over
 * (PROTOCOL.md, accountability). Names nobody who is correct, however many others are faulty. Safe
 * for use by any thread.
 */
public final class Auditor {
  private final Digest chainHash;
  private final ValidatorSet validators;
  private final SignatureVerifier verifier;

  public Auditor(ChainSpec spec, SignatureVerifier verifier) {
    this.chainHash = spec.chainHash();
    this.validators = spec.validators();
    this.verifier = verifier;
  }

  /** Who is proven faulty, or why nobody is. */
  public Finding judge(FaultProof proof) {
    Verdict verdict;
    if (!proof.chainHash().equals(chainHash)) {
      verdict =
          Verdict.invalid(
              Verdict.Fault.WRONG_CHAIN,
              "the chain is " + chainHash + ", not " + proof.chainHash());
    } else if (proof instanceof Contradiction contradiction) {
      verdict = contradiction(contradiction);
    } else if (proof instanceof Fork fork) {
      verdict = fork(fork);
    } else {
      verdict = divergence((Divergence) proof);
    }
    return verdict instanceof Verdict.Invalid invalid
        ? new Finding.Refuted(invalid)
        : new Finding.Proven(proof.accused());
  }

  /**
   * In this order: one signer; statements that contradict each other, which {@link Contradiction}
   * itself makes sure; a validator; both signatures.
   */
  private Verdict contradiction(Contradiction proof) {
    if (!proof.first().signer().equals(proof.second().signer())) {
      return Verdict.invalid(
          Verdict.Fault.DIFFERENT_SIGNERS,
          "one statement is of "
              + proof.first().signer()
              + ", the other of "
              + proof.second().signer());
    }
    for (SignedStatement statement : List.of(proof.first(), proof.second())) {
      Verdict signed = statement.check(validators, chainHash, verifier);
      if (!signed.isValid()) {
        return signed;
      }
    }
    return Verdict.valid();
  }

  /** In this order: both certificates; that they conflict; each view change. */
  private Verdict fork(Fork proof) {
    for (QuorumCertificate certificate : List.of(proof.first(), proof.second())) {
      Verdict valid = certificate.check(validators, chainHash, verifier);
      if (!valid.isValid()) {
        return valid;
      }
    }
    Verdict conflict = conflict(proof);
    return conflict.isValid() ? viewChanges(proof) : conflict;
  }

  private Verdict conflict(Fork proof) {
    boolean firstIsLower = proof.first().vote().height() <= proof.second().vote().height();
    BlockId lower = (firstIsLower ? proof.first() : proof.second()).vote().block();
    BlockId above = (firstIsLower ? proof.second() : proof.first()).vote().block();
    for (BlockHeader header : proof.links()) {
      if (above.height() <= lower.height()
          || header.height() != above.height()
          || !header.hash(chainHash).equals(above.hash())) {
        return Verdict.invalid(
            Verdict.Fault.BROKEN_LINK, "a header is not that of the block " + above);
      }
      above = new BlockId(above.height() - 1, header.parentHash());
    }
    if (above.height() != lower.height()) {
      return Verdict.invalid(
          Verdict.Fault.BROKEN_LINK,
          "the headers lead down to height " + above.height() + ", not " + lower.height());
    }
    return above.equals(lower)
        ? Verdict.invalid(
            Verdict.Fault.NO_CONTRADICTION, "both certificates are of one chain, through " + lower)
        : Verdict.valid();
  }

  private Verdict viewChanges(Fork proof) {
    for (SignedStatement viewChange : proof.viewChanges()) {
      if (!Fork.incriminates(proof.first(), viewChange)) {
        return Verdict.invalid(
            Verdict.Fault.NO_CONTRADICTION,
            "a view change of " + viewChange.signer() + " does not forget the first certificate");
      }
      Verdict signed = viewChange.check(validators, chainHash, verifier);
      if (!signed.isValid()) {
        return signed;
      }
    }
    return Verdict.valid();
  }

  /**
   * Both certificates, each of f+1. That they are of one height and of different results {@link
   * Divergence} itself makes sure.
   */
  private Verdict divergence(Divergence proof) {
    for (CheckpointCertificate certificate : List.of(proof.first(), proof.second())) {
      Verdict proven = certificate.checkProven(validators, chainHash, verifier);
      if (!proven.isValid()) {
        return proven;
      }
    }
    return Verdict.valid();
  }
}
