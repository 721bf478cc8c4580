package org.quorate.node;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.quorate.ledger.membership.Quorum;
import org.quorate.ledger.membership.ReplicaId;

/**
 * The heights that the peers say are final. Of these the (f+1)-th highest counts: at least one
 * correct replica is that far, and f liars cannot make this node believe that it lags. Safe for use
 * by any thread.
 */
final class PeerHeights {
  private final AtomicLongArray heights;
  private final int weakQuorum;

  PeerHeights(Quorum quorum) {
    this.heights = new AtomicLongArray(quorum.n());
    this.weakQuorum = quorum.weakQuorum();
  }

  /** {@code peer} says that the block of that height is final. */
  void heard(ReplicaId peer, long height) {
    heights.set(peer.index(), height);
  }

  /** The height that some correct replica has reached. */
  long reached() {
    long[] sorted = new long[heights.length()];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = heights.get(i);
    }
    Arrays.sort(sorted);
    return sorted[sorted.length - weakQuorum];
  }
}
