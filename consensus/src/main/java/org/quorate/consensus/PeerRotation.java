package org.quorate.consensus;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.ValidatorSet;

/** The other replicas in turn, so that one that does not answer costs only its own turn. */
final class PeerRotation {
  private final List<ReplicaId> peers;
  private int turn;

  PeerRotation(ValidatorSet validators, ReplicaId self) {
    this.peers = validators.replicas().stream().filter(peer -> !peer.equals(self)).toList();
    this.turn = self.index();
  }

  /** How many others there are. */
  int count() {
    return peers.size();
  }

  /** The next one; empty if there are no others. */
  Optional<ReplicaId> next() {
    return next(any -> true);
  }

  /** The next one of those that {@code suits}. */
  Optional<ReplicaId> next(Predicate<ReplicaId> suits) {
    for (int tried = 0; tried < peers.size(); tried++) {
      ReplicaId peer = peers.get(turn % peers.size());
      turn = (turn + 1) % peers.size();
      if (suits.test(peer)) {
        return Optional.of(peer);
      }
    }
    return Optional.empty();
  }
}
