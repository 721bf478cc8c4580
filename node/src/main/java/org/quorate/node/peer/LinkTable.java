package org.quorate.node.peer;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.membership.ReplicaId;

/**
 * The one link to each peer. Both ends of a pair dial; the rule below makes them keep the same
 * connection when they do so at once. The event loop alone changes the table, any thread may look.
 */
final class LinkTable {
  private final PeerNetwork.Listener listener;
  private final PeerMetrics metrics;
  private final ConcurrentSkipListMap<ReplicaId, PeerConnection> links =
      new ConcurrentSkipListMap<>();

  /** What becomes of a new connection to a peer. */
  enum Verdict {
    /** It becomes the link, in place of one that there may be. */
    KEEP,
    /** The link that there is stays. */
    SUPERSEDED,
    /** Another process with the same key holds the link. */
    KEY_USED_TWICE
  }

  /**
   * What decides between two connections of one peer.
   *
   * @param instance the peer's random number
   * @param dialedByLower whether the end with the lower index dialed
   */
  record Origin(long instance, boolean dialedByLower) {}

  LinkTable(PeerNetwork.Listener listener, PeerMetrics metrics) {
    this.listener = listener;
    this.metrics = metrics;
  }

  /**
   * The rule. Of two connections of the same two processes the one that the lower index dialed
   * stays, which both ends know; of two that the same end dialed the newer one stays, since no one
   * dials who still has a link.
   */
  static Verdict verdict(@Nullable Origin present, Origin candidate) {
    if (present == null) {
      return Verdict.KEEP;
    }
    if (present.instance() != candidate.instance()) {
      return Verdict.KEY_USED_TWICE;
    }
    return candidate.dialedByLower() || !present.dialedByLower()
        ? Verdict.KEEP
        : Verdict.SUPERSEDED;
  }

  Verdict judge(ReplicaId peer, Origin candidate) {
    PeerConnection present = links.get(peer);
    return verdict(present == null ? null : present.origin(), candidate);
  }

  /** Makes the connection the link; the one before it, if any, is closed. */
  void put(ReplicaId peer, PeerConnection link) {
    PeerConnection before = links.put(peer, link);
    if (before != null) {
      listener.disconnected(peer);
      before.close();
    }
    metrics.peersConnected(links.size());
    listener.connected(peer);
  }

  /** The connection ended. Whether it was the link. */
  boolean remove(ReplicaId peer, PeerConnection link) {
    boolean removed = links.remove(peer, link);
    if (removed) {
      metrics.peersConnected(links.size());
      listener.disconnected(peer);
    }
    return removed;
  }

  @Nullable PeerConnection link(ReplicaId peer) {
    return links.get(peer);
  }

  SortedSet<ReplicaId> connected() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(links.keySet()));
  }
}
