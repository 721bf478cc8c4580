package org.quorate.ledger.proof;

import org.quorate.ledger.crypto.Digest;

/**
 * Evidence: what validators signed and no correct one signs, so that anyone who has the genesis can
 * see that they are faulty. Holding one says nothing: {@link Auditor} does.
 */
public sealed interface FaultProof permits Contradiction, Fork {
  /** The chain it claims to be of. */
  Digest chainHash();

  /** What it claims to show. */
  EvidenceKind kind();

  /**
   * What it is, where and by whom, in lower-case letters, digits and hyphens, at most 80: two
   * proofs of one name show the same thing twice.
   */
  String name();
}
