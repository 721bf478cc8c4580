package org.quorate.consensus;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.quorate.ledger.membership.Quorum;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Who asks for which view. A replica that finds no progress asks for the next view and goes on
 * voting in its own; one that hears f+1 others ask, asks with them; when a quorum asks, it leaves
 * (PROTOCOL.md, R11 and R12). That is the echo of Bracha (Asynchronous Byzantine agreement
 * protocols, 1987): if one correct replica leaves, f+1 correct ones have asked, so all will.
 */
final class Suspicions {
  private final Quorum quorum;
  private final Outbox outbox;

  /** The highest view that each of the others asks for, waits for or is in. */
  private final TreeMap<ReplicaId, Long> others = new TreeMap<>();

  /** The highest view that this replica asked for; it takes back none. */
  private long wanted;

  Suspicions(Quorum quorum, Outbox outbox, JournalReplay past) {
    this.quorum = quorum;
    this.outbox = outbox;
    this.wanted = past.wantedView();
  }

  /** Another replica asks for {@code view}, or is beyond asking: it waits for it or is in it. */
  void heard(ReplicaId from, long view) {
    others.merge(from, view, Math::max);
  }

  /** The highest view that this replica asked for; where that is in the past, it means nothing. */
  long wanted() {
    return wanted;
  }

  /** This replica asks for {@code view}, if it did not ask for as much before. */
  void ask(long view) {
    if (view > wanted) {
      wanted = view;
      outbox.journal(new JournalRecord.Suspected(view));
    }
  }

  /** The highest view that f+1 of the others ask for, a correct one among them. */
  long ofWeakQuorum() {
    return highestOf(quorum.weakQuorum(), others.values());
  }

  /** The highest view that a quorum asks for, with this replica, which is in {@code view}. */
  long ofQuorum(long view) {
    return Math.min(Math.max(wanted, view), highestOf(quorum.quorum() - 1, others.values()));
  }

  /** The highest view that so many of {@code views} reach; 0 if they are fewer. */
  static long highestOf(int count, Collection<Long> views) {
    if (count == 0) {
      return Long.MAX_VALUE;
    }
    long[] ascending = views.stream().mapToLong(Long::longValue).sorted().toArray();
    return count > ascending.length ? 0 : ascending[ascending.length - count];
  }

  /** What the journal must hold of it, if this replica is in {@code view}. */
  List<JournalRecord> liveRecords(long view) {
    return wanted > view ? List.of(new JournalRecord.Suspected(wanted)) : List.of();
  }
}
