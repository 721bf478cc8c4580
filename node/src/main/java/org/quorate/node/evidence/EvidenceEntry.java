package org.quorate.node.evidence;

import java.util.List;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.EvidenceKind;
import org.quorate.ledger.proof.FaultProof;

/**
 * What a piece of evidence is, without its bytes.
 *
 * @param name its file's, without the ending
 * @param accused in rising order
 */
public record EvidenceEntry(String name, EvidenceKind kind, List<ReplicaId> accused) {
  public EvidenceEntry {
    accused = List.copyOf(accused);
  }

  static EvidenceEntry of(FaultProof proof) {
    return new EvidenceEntry(proof.name(), proof.kind(), List.copyOf(proof.accused()));
  }
}
