package org.quorate.consensus;

import org.quorate.consensus.message.Signed;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Contradiction;

/**
 * Two signed messages that a correct replica never sends together, by the rules of {@link
 * org.quorate.ledger.proof.ContradictionRules}.
 */
public record Evidence(Signed<?> first, Signed<?> second) {
  /** The replica that is proven faulty. */
  public ReplicaId offender() {
    return first.signer();
  }

  /** The same for whoever has the genesis of that chain. */
  public Contradiction contradiction(Digest chainHash) {
    return Contradiction.of(chainHash, first.statement(), second.statement());
  }
}
