package org.quorate.node;

import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.membership.ReplicaId;

/**
 * When a node is ready: it runs, is linked to so many validators that they are a quorum with it,
 * its ledger is at most a window behind what a correct replica has reached, and its replica has not
 * forgotten what it signed. Safe for use by any thread; touches no disk.
 */
final class Readiness {
  /** After so long without a block a node that is behind says what may be the reason. */
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ChainSpec chain;
  private final Ledger ledger;
  private final Supplier<SortedSet<ReplicaId>> connected;
  private final PeerHeights heights;
  private final Supplier<RecoveryStatus> recovery;
  private final Clock clock;

  /** The height at which the node was found behind last, and since when it stands there. */
  private volatile Standing standing = new Standing(-1, 0);

  private volatile Optional<String> own = Optional.of("the node is starting");

  private record Standing(long height, long sinceNanos) {}

  /**
   * @param connected the peers it has a link to
   */
  Readiness(
      ChainSpec chain,
      Ledger ledger,
      Supplier<SortedSet<ReplicaId>> connected,
      PeerHeights heights,
      Supplier<RecoveryStatus> recovery,
      Clock clock) {
    this.chain = chain;
    this.ledger = ledger;
    this.connected = connected;
    this.heights = heights;
    this.recovery = recovery;
    this.clock = clock;
  }

  /** Everything of the node runs. */
  void running() {
    own = Optional.empty();
  }

  /** The node no longer takes part, for that reason. */
  void stopped(String reason) {
    own = Optional.of(reason);
  }

  /** Why the node is not ready; empty if it is. */
  Optional<String> notReady() {
    if (own.isPresent()) {
      return own;
    }
    int links = connected.get().size();
    int needed = chain.validators().quorum().quorum() - 1;
    if (links < needed) {
      return Optional.of(
          "linked to " + links + " other validators; a quorum needs " + needed + " of them");
    }
    long height = ledger.checkpoint().height();
    long behind = heights.reached() - height;
    if (behind > chain.parameters().windowBlocks()) {
      return Optional.of("catching up: " + behind + " blocks behind" + reason(height));
    }
    return RecoveryReport.hindrance(recovery.get());
  }

  private String reason(long height) {
    long now = clock.nanos();
    Standing before = standing;
    if (before.height() != height) {
      standing = new Standing(height, now);
      return "";
    }
    long stoodNanos = now - before.sinceNanos();
    return stoodNanos < PATIENCE_NANOS
        ? ""
        : ", and none has come for "
            + TimeUnit.NANOSECONDS.toSeconds(stoodNanos)
            + " s: if no other validator keeps block "
            + (height + 1)
            + " any more (blocks_kept), stop the node and run 'quorate snapshot restore --replace'";
  }
}
