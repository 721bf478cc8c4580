package org.quorate.node.peer;

import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.membership.ReplicaId;

/** What all connections of a node share. */
record PeerContext(
    ChainSpec chain,
    ReplicaId self,
    long instance,
    PeerLimits limits,
    PeerMetrics metrics,
    RefusalLog refusals,
    LinkTable links,
    PeerNetwork.Listener listener) {
  Hello hello() {
    return new Hello(chain.chainHash(), self, instance);
  }

  /** A validator as people know it. */
  String name(ReplicaId replica) {
    return chain.validators().validator(replica).name();
  }
}
