package org.quorate.consensus;

import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Final blocks that the driver had and cannot read any more, and of whom the next one is to be
 * fetched again (PROTOCOL.md, R17): one at a time, of each of the others once before the next
 * height has its turn, so that a block that nobody keeps costs little more than one of many.
 */
final class LostBlocks {
  /** How many are looked for; more are ignored until some of these have come. */
  static final int HEIGHTS_MAX = 256;

  private final PeerRotation peers;
  private final TreeSet<Long> heights = new TreeSet<>();

  /** The height whose turn it is, or was, and how often it was asked for in this turn. */
  private long current;

  private int asked;

  private @Nullable ReplicaId askedLast;

  /**
   * @param peers owned by this object
   */
  LostBlocks(PeerRotation peers) {
    this.peers = peers;
  }

  void add(long height) {
    if (heights.size() < HEIGHTS_MAX) {
      heights.add(height);
    }
  }

  /** The block of {@code height} has come; whether it was looked for. */
  boolean found(long height) {
    return heights.remove(height);
  }

  /** The others, in the order in which they are asked for these blocks. */
  PeerRotation peers() {
    return peers;
  }

  /** The height to ask for next. */
  Optional<Long> next() {
    if (heights.contains(current) && asked < peers.count()) {
      return Optional.of(current);
    }
    @Nullable Long above = heights.higher(current);
    return above == null ? heights.stream().findFirst() : Optional.of(above);
  }

  /** {@code peer} was asked for what {@link #next} gave. */
  void asked(ReplicaId peer, long height) {
    asked = height == current && asked < peers.count() ? asked + 1 : 1;
    current = height;
    askedLast = peer;
  }

  /** Who was asked last and has not answered; from now on nobody is waited for. */
  Optional<ReplicaId> stopWaiting() {
    Optional<ReplicaId> peer = Optional.ofNullable(askedLast);
    askedLast = null;
    return peer;
  }

  /** Whether what {@code peer} owed an answer to was one of these blocks; it owes none now. */
  boolean answeredBy(ReplicaId peer) {
    boolean waited = peer.equals(askedLast);
    if (waited) {
      askedLast = null;
    }
    return waited;
  }
}
