package org.quorate.consensus;

import org.quorate.consensus.message.Signed;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Two signed messages that a correct replica never sends together: two votes of one (view, height,
 * phase) for different blocks, or two different CHECKPOINTs of one height.
 */
public record Evidence(Signed<?> first, Signed<?> second) {
  /** The replica that is proven faulty. */
  public ReplicaId offender() {
    return first.signer();
  }
}
