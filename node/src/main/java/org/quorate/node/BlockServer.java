package org.quorate.node;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.Output;
import org.quorate.consensus.message.StoredBlocks;
import org.quorate.ledger.Ledger;

/**
 * Hands final blocks to peers that catch up, as the ledger has them stored, on a thread that
 * nothing else depends on and at a bounded rate. A peer has one answer under way at a time; of what
 * it wants meanwhile the last is answered next. Safe for use by any thread.
 */
final class BlockServer {
  private final Ledger ledger;
  private final TaskThread thread;
  private final PeerSender peers;
  private final Line[] lines;
  private final ServingPace pace = new ServingPace(System.nanoTime());

  /** What one peer gets. Owned by its own lock. */
  private static final class Line {
    private Output.@Nullable Wanted next;
    private boolean busy;
    private long freeNanos = System.nanoTime();

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
    synchronized boolean leave() {
      busy = next != null;
      freeNanos =
          System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RunnerLimits.ANSWER_INTERVAL_MILLIS);
      return busy;
    }

    synchronized long waitNanos() {
      return Math.max(0, freeNanos - System.nanoTime());
    }
  }

  BlockServer(int replicas, Ledger ledger, TaskThread thread, PeerSender peers) {
    this.ledger = ledger;
    this.thread = thread;
    this.peers = peers;
    this.lines = new Line[replicas];
    for (int i = 0; i < replicas; i++) {
      lines[i] = new Line();
    }
  }

  /** Answers {@code wanted} soon. */
  void serve(Output.Wanted wanted) {
    Line line = lines[wanted.by().index()];
    if (line.enter(wanted)) {
      answerLater(line, line.waitNanos());
    }
  }

  private void answerLater(Line line, long nanos) {
    thread.after(nanos, () -> answer(line));
  }

  private void answer(Line line) {
    long wait = pace.waitNanos(System.nanoTime());
    if (wait > 0) {
      answerLater(line, wait);
      return;
    }
    Output.@Nullable Wanted wanted = line.take();
    if (wanted != null) {
      send(wanted);
    }
    if (line.leave()) {
      answerLater(line, line.waitNanos());
    }
  }

  /** Sends what there is; it may be nothing, which the peer should know as well. */
  private void send(Output.Wanted wanted) {
    StoredBlocks blocks = blocks(wanted.fromHeight(), wanted.toHeight());
    byte[] payload = PeerPayload.ofMessage(blocks.message());
    peers.send(wanted.by(), payload);
    pace.served(System.nanoTime(), blocks.count(), payload.length);
  }

  private StoredBlocks blocks(long fromHeight, long toHeight) {
    StoredBlocks blocks = new StoredBlocks();
    for (long height = fromHeight; height <= toHeight && !blocks.isFull(); height++) {
      Optional<byte[]> block = ledger.encodedBlock(height);
      if (block.isEmpty()) {
        break;
      }
      blocks.add(block.get(), ledger.encodedCheckpointCertificate(height));
    }
    return blocks;
  }
}
