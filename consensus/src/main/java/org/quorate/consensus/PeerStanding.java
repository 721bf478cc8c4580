package org.quorate.consensus;

import java.util.TreeMap;
import org.quorate.ledger.membership.ReplicaId;

/**
 * How far each other replica says to be, and whether it has lately kept its word. A claim is
 * believed only so far as to ask; whoever was asked in vain rests, longer each time, and makes good
 * for one fault with each good answer.
 */
final class PeerStanding {
  /** How long the first fault makes a replica rest. */
  private static final int REST_TICKS = 4;

  /** The rest grows to at most 2^4 times the first. */
  private static final int DOUBLINGS_MAX = 4;

  /** The height up to which each says to have final blocks. */
  private final TreeMap<ReplicaId, Long> claims = new TreeMap<>();

  private final TreeMap<ReplicaId, Integer> faults = new TreeMap<>();
  private final TreeMap<ReplicaId, Long> restsUntil = new TreeMap<>();
  private long ticks;

  void tick() {
    ticks++;
  }

  /** {@code peer} says to have the blocks up to {@code height}. */
  void claimed(ReplicaId peer, long height) {
    claims.put(peer, height);
  }

  /** {@code peer} was asked for {@code height}, and honestly has not got it. */
  void lacks(ReplicaId peer, long height) {
    claims.computeIfPresent(peer, (any, claim) -> Math.min(claim, height - 1));
  }

  /** 0 for one that has said nothing. */
  long claim(ReplicaId peer) {
    return claims.getOrDefault(peer, 0L);
  }

  boolean rests(ReplicaId peer) {
    return restsUntil.getOrDefault(peer, 0L) > ticks;
  }

  void good(ReplicaId peer) {
    faults.computeIfPresent(peer, (any, count) -> count == 1 ? null : count - 1);
  }

  /** {@code peer} was asked in vain; it must also say again what it has. */
  void bad(ReplicaId peer) {
    int doublings = Math.min(faults.merge(peer, 1, Integer::sum) - 1, DOUBLINGS_MAX);
    faults.computeIfPresent(peer, (any, count) -> Math.min(count, DOUBLINGS_MAX + 1));
    restsUntil.put(peer, ticks + ((long) REST_TICKS << doublings));
    claims.remove(peer);
  }
}
