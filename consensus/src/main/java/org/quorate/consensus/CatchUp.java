package org.quorate.consensus;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.FetchCommitted;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Fetches final blocks with their certificates from replicas that say they have more (PROTOCOL.md,
 * catching up). A replica that only lags within the window gets there by votes; so this begins when
 * the gap is wide, or when nothing has moved for a tick.
 *
 * <p>What others claim is believed only so far as to ask them: the answers prove themselves, and
 * one that does not come costs a few ticks.
 */
final class CatchUp {
  /** Ticks to wait for an answer before another replica is asked. */
  private static final int PATIENCE_TICKS = 4;

  private final BlockTree tree;
  private final CheckpointTracker checkpoints;
  private final Outbox outbox;
  private final PeerRotation peers;
  private final int wideGapBlocks;

  /** The height up to which each says to have final blocks. */
  private final TreeMap<ReplicaId, Long> claims = new TreeMap<>();

  private @Nullable ReplicaId asked;
  private int ticksWaited;
  private long heightAtTick;
  private boolean stalled = true;

  CatchUp(
      BlockTree tree,
      CheckpointTracker checkpoints,
      Outbox outbox,
      PeerRotation peers,
      int windowBlocks) {
    this.tree = tree;
    this.checkpoints = checkpoints;
    this.outbox = outbox;
    this.peers = peers;
    this.wideGapBlocks = Math.max(1, windowBlocks / 2);
    this.heightAtTick = tree.root().height();
  }

  void onStatus(ReplicaId from, long committedHeight) {
    claims.put(from, committedHeight);
    pull();
  }

  /** An answer of {@code from} was taken in. */
  void onAnswer(ReplicaId from, boolean useful) {
    if (from.equals(asked)) {
      asked = null;
    }
    // Whoever has no more than this must say so again before it is asked again.
    if (!useful) {
      claims.remove(from);
    }
    pull();
  }

  void tick() {
    long height = tree.root().height();
    stalled = height == heightAtTick;
    heightAtTick = height;
    if (asked != null && ++ticksWaited >= PATIENCE_TICKS) {
      claims.remove(asked);
      asked = null;
    }
    pull();
  }

  /** Asks for the next blocks, if there is a reason and execution keeps up. */
  void pull() {
    long height = tree.root().height();
    boolean executionLags = height - checkpoints.executedHeight() > 2L * Transfer.BLOCKS_MAX;
    if (asked != null || executionLags) {
      return;
    }
    long least = stalled ? height + 1 : height + wideGapBlocks;
    peers
        .next(peer -> claims.getOrDefault(peer, 0L) >= least)
        .ifPresent(
            peer -> {
              asked = peer;
              ticksWaited = 0;
              outbox.send(peer, new FetchCommitted(height + 1));
            });
  }
}
