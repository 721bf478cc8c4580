package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.membership.ReplicaId;

/** The ranges of final blocks that others were asked for: one for each of them at a time. */
final class RangeRequests {
  /** What one replica was asked for. */
  private static final class Request {
    final BlockRange range;
    int ticksWaited;

    Request(BlockRange range) {
      this.range = range;
    }
  }

  private final TreeMap<ReplicaId, Request> underWay = new TreeMap<>();

  /** What each was last asked for and no longer needs to answer: it may do so all the same. */
  private final TreeMap<ReplicaId, BlockRange> givenUp = new TreeMap<>();

  void begin(ReplicaId peer, BlockRange range) {
    underWay.put(peer, new Request(range));
  }

  /** What {@code peer} owes an answer to. */
  @Nullable BlockRange owedBy(ReplicaId peer) {
    @Nullable Request request = underWay.get(peer);
    return request == null ? null : request.range;
  }

  /** {@code peer} has answered. */
  void answered(ReplicaId peer) {
    underWay.remove(peer);
  }

  /** Waits for {@code peer} no longer; whether an answer was under way. */
  boolean giveUp(ReplicaId peer) {
    @Nullable Request request = underWay.remove(peer);
    if (request == null) {
      return false;
    }
    givenUp.put(peer, request.range);
    return true;
  }

  /** Whether blocks from {@code height} upward may be an answer of {@code peer} that comes late. */
  boolean isLate(ReplicaId peer, long height) {
    @Nullable BlockRange late = givenUp.get(peer);
    return late != null && late.from() == height;
  }

  /** A tick has passed; those who have not answered for so many. */
  List<ReplicaId> tick(int patienceTicks) {
    List<ReplicaId> silent = new ArrayList<>();
    underWay.forEach(
        (peer, request) -> {
          if (++request.ticksWaited >= patienceTicks) {
            silent.add(peer);
          }
        });
    return silent;
  }

  /** The range under way that holds {@code height}. */
  @Nullable BlockRange covering(long height) {
    for (Request request : underWay.values()) {
      if (request.range.contains(height)) {
        return request.range;
      }
    }
    return null;
  }

  /** Where the next range above {@code height} begins. */
  OptionalLong nextAbove(long height) {
    return underWay.values().stream()
        .mapToLong(request -> request.range.from())
        .filter(from -> from > height)
        .min();
  }

  int count() {
    return underWay.size();
  }
}
