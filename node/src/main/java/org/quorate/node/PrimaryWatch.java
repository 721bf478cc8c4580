package org.quorate.node;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.quorate.consensus.ReplicaStatus;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.mempool.Mempool;
import org.quorate.node.mempool.Mempool.Handed;

/**
 * Watches, as a backup, whether the primary orders what it was given and when it could: what the
 * view timer cannot see, for which any new block is progress (PROTOCOL.md, R24 and R25). Owned by
 * the replica's thread. Its nanoseconds are those of the clock whose milliseconds the mempool has.
 */
final class PrimaryWatch {
  private final ReplicaId self;
  private final ChainParameters parameters;
  private final Mempool pool;
  private final CensorshipRule censorship;
  private final PaceRule pace;
  private final int timeoutMillis;

  private boolean watching;
  private long enteredMillis;
  private long lookedMillis;

  /** When this replica learned of its latest stable checkpoints. */
  private final ArrayDeque<Stable> stables = new ArrayDeque<>();

  private boolean censored;

  /** Whether a block became final since it was looked that never was on its way here. */
  private boolean behind;

  private record Stable(long height, long sinceMillis) {}

  PrimaryWatch(ReplicaId self, ChainParameters parameters, Mempool pool) {
    this.self = self;
    this.parameters = parameters;
    this.pool = pool;
    this.timeoutMillis = parameters.viewTimeoutMillis();
    this.censorship = new CensorshipRule(parameters);
    this.pace = new PaceRule();
  }

  /** The replica left its view, or entered one. */
  void viewChanged(ReplicaStatus status, long nowNanos) {
    watching = status.active() && !status.primary().equals(self);
    enteredMillis = millis(nowNanos);
    lookedMillis = enteredMillis;
    stables.clear();
    censored = false;
    behind = false;
    censorship.restart();
    pace.restart();
  }

  /**
   * A block became final.
   *
   * @param inFlight what stands in blocks of the view, this one among them if it was accepted here
   */
  void decided(Block block, InFlight inFlight, long nowNanos) {
    censorship.decided(block);
    behind |= !inFlight.contains(block);
    long nowMillis = millis(nowNanos);
    if (watching
        && pool.size() > 0
        && inFlight.contains(block)
        && censorship.tells(block, nowMillis)
        && pool.sizeWithout(inFlight.transactions()) <= CensorshipRule.WAITING_MAX) {
      long acceptedMillis = millis(nowNanos - inFlight.ageNanos(block, nowNanos));
      censored |=
          censorship.censored(handedAndWaiting(inFlight), enteredMillis, acceptedMillis, nowMillis);
    }
  }

  /** Why the replica should suspect its primary, if it should. Asked as each turn begins. */
  Optional<Suspicion> suspicion(ReplicaStatus status, InFlight inFlight, long nowNanos) {
    if (!watching) {
      return Optional.empty();
    }
    noteStable(status, millis(nowNanos));
    if (censored) {
      censored = false;
      return Optional.of(Suspicion.CENSORSHIP);
    }
    return untilLookNanos(nowNanos) == 0 && tooSlow(status, inFlight, millis(nowNanos))
        ? Optional.of(Suspicion.SLOWNESS)
        : Optional.empty();
  }

  /** After how long a turn should begin although nothing comes in. */
  long untilLookNanos(long nowNanos) {
    if (!watching || pool.size() == 0) {
      return Turns.UNTIL_WOKEN;
    }
    long dueMillis = lookedMillis + Math.max(1, timeoutMillis / 8);
    return Math.max(0, TimeUnit.MILLISECONDS.toNanos(dueMillis) - nowNanos);
  }

  private boolean tooSlow(ReplicaStatus status, InFlight inFlight, long nowMillis) {
    long passedMillis = nowMillis - lookedMillis;
    lookedMillis = nowMillis;
    boolean waited = waits(status, inFlight, nowMillis);
    boolean counts = !behind && passedMillis <= timeoutMillis / 2;
    behind = false;
    // A longer time tells of this process, which slept, or had nothing to do. And who catches up
    // does not see what is on its way.
    return counts && pace.worked(passedMillis, waited, status.viewTimeoutMillis());
  }

  private boolean waits(ReplicaStatus status, InFlight inFlight, long nowMillis) {
    long patienceMillis = status.viewTimeoutMillis() / 4;
    return nowMillis - openSinceMillis(nowMillis) >= patienceMillis / 2
        && inFlight.isEmpty()
        && handedAndWaiting(inFlight).stream()
            .anyMatch(
                handed ->
                    nowMillis - Math.max(handed.sinceMillis(), enteredMillis) >= patienceMillis);
  }

  private void noteStable(ReplicaStatus status, long nowMillis) {
    if (stables.isEmpty() || stables.getLast().height < status.stableHeight()) {
      stables.add(new Stable(status.stableHeight(), nowMillis));
    }
    long stableMin = status.lastFinal().height() + 1 - parameters.windowBlocks();
    while (!stables.isEmpty() && stables.getFirst().height < stableMin) {
      stables.remove();
    }
  }

  /**
   * Since when the primary may propose the block after the last final one, for all that is known
   * here: the window let it in then. What it may have learned of that later is not its fault.
   */
  private long openSinceMillis(long nowMillis) {
    return stables.isEmpty() ? nowMillis : stables.getFirst().sinceMillis;
  }

  private List<Handed> handedAndWaiting(InFlight inFlight) {
    return pool.oldestHanded(inFlight.transactions()::contains);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
