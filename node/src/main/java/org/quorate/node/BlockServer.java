package org.quorate.node;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.Output;
import org.quorate.consensus.message.StoredBlocks;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.store.StorageException;

/**
 * Hands final blocks to peers that catch up, as the ledger has them stored, on a thread that
 * nothing else depends on and at a bounded rate. A peer has one answer under way at a time; of what
 * it wants meanwhile the last is answered next. Safe for use by any thread.
 */
final class BlockServer {
  private final Ledger ledger;
  private final Tasks thread;
  private final Clock clock;
  private final PeerSender peers;
  private final Line[] lines;
  private final ServingPace pace;
  private final Repairs repairs;

  /** What one peer gets. Owned by its own lock. */
  private static final class Line {
    private Output.@Nullable Wanted next;
    private boolean busy;
    private long freeNanos;

    Line(long nowNanos) {
      freeNanos = nowNanos;
    }

    /** Whether somebody has to begin with it. */
    synchronized boolean enter(Output.Wanted wanted) {
      boolean idle = !busy;
      next = wanted;
      busy = true;
      return idle;
    }

    synchronized Output.@Nullable Wanted take() {
      Output.Wanted taken = next;
      next = null;
      return taken;
    }

    /** Whether there is more to be done. */
    synchronized boolean leave(long nowNanos) {
      busy = next != null;
      freeNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(RunnerLimits.ANSWER_INTERVAL_MILLIS);
      return busy;
    }

    synchronized long waitNanos(long nowNanos) {
      return Math.max(0, freeNanos - nowNanos);
    }
  }

  BlockServer(
      int replicas, Ledger ledger, Tasks thread, PeerSender peers, Repairs repairs, Clock clock) {
    this.ledger = ledger;
    this.thread = thread;
    this.peers = peers;
    this.repairs = repairs;
    this.clock = clock;
    this.pace = new ServingPace(clock.nanos());
    this.lines = new Line[replicas];
    for (int i = 0; i < replicas; i++) {
      lines[i] = new Line(clock.nanos());
    }
  }

  /** Answers {@code wanted} soon. */
  void serve(Output.Wanted wanted) {
    Line line = lines[wanted.by().index()];
    if (line.enter(wanted)) {
      answerLater(line, line.waitNanos(clock.nanos()));
    }
  }

  private void answerLater(Line line, long nanos) {
    thread.after(nanos, () -> answer(line));
  }

  private void answer(Line line) {
    long wait = pace.waitNanos(clock.nanos());
    if (wait > 0) {
      answerLater(line, wait);
      return;
    }
    Output.@Nullable Wanted wanted = line.take();
    if (wanted != null) {
      send(wanted);
    }
    if (line.leave(clock.nanos())) {
      answerLater(line, line.waitNanos(clock.nanos()));
    }
  }

  /** Sends what there is; it may be nothing, which the peer should know as well. */
  private void send(Output.Wanted wanted) {
    StoredBlocks blocks = blocks(wanted.fromHeight(), wanted.toHeight());
    byte[] payload = PeerPayload.ofMessage(blocks.message());
    peers.send(wanted.by(), payload);
    pace.served(clock.nanos(), blocks.count(), payload.length);
  }

  private StoredBlocks blocks(long fromHeight, long toHeight) {
    StoredBlocks blocks = new StoredBlocks();
    long height = fromHeight;
    while (height <= toHeight && !blocks.isFull() && add(height, blocks)) {
      height++;
    }
    return blocks;
  }

  /** What is damaged here the peer gets of others meanwhile. */
  private boolean add(long height, StoredBlocks blocks) {
    try {
      Optional<byte[]> block = ledger.encodedBlock(height);
      if (block.isPresent()) {
        blocks.add(block.get(), ledger.encodedCheckpointCertificate(height));
      }
      return block.isPresent();
    } catch (StorageException e) {
      repairs.damaged(height, e);
      return false;
    }
  }
}
