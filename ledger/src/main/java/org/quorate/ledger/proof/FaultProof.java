package org.quorate.ledger.proof;

import java.util.SortedSet;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Evidence: what validators signed and no correct one signs, so that anyone who has the genesis can
 * see that they are faulty. Holding one says nothing: {@link Auditor} does.
 */
public sealed interface FaultProof permits Contradiction, Fork, Divergence {
  /** The chain it claims to be of. */
  Digest chainHash();

  /** What it claims to show. */
  EvidenceKind kind();

  /** Whom it accuses; they are guilty if the proof holds. */
  SortedSet<ReplicaId> accused();

  /**
   * What it is, where and by whom, in lower-case letters, digits and hyphens, at most 80: two
   * proofs of one name show the same thing twice.
   */
  String name();
}
