package org.quorate.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.quorate.consensus.Output;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CommittedBlock;

/**
 * Hands final blocks to peers that catch up, from the ledger's snapshots, on a thread that nothing
 * else depends on. A peer has one answer under way at a time; a further wish meanwhile is dropped,
 * and comes again if it is still wished. Safe for use by any thread.
 */
final class BlockServer {
  private final Ledger ledger;
  private final TaskThread thread;
  private final PeerSender peers;
  private final Line[] lines;

  /** What one peer gets. Owned by its own lock. */
  private static final class Line {
    private boolean busy;
    private long freeNanos = System.nanoTime();

    synchronized boolean enter() {
      boolean entered = !busy;
      busy = true;
      return entered;
    }

    synchronized void leave() {
      busy = false;
      freeNanos =
          System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RunnerLimits.ANSWER_INTERVAL_MILLIS);
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
    if (line.enter()) {
      thread.after(line.waitNanos(), () -> answer(line, wanted));
    }
  }

  private void answer(Line line, Output.Wanted wanted) {
    try {
      send(wanted.by(), blocks(wanted.fromHeight(), wanted.toHeight()));
    } finally {
      line.leave();
    }
  }

  private void send(ReplicaId to, List<Transfer.CommittedBlocks.Item> items) {
    peers.send(to, PeerPayload.ofMessage(MessageCodec.encode(new Transfer.CommittedBlocks(items))));
  }

  private List<Transfer.CommittedBlocks.Item> blocks(long fromHeight, long toHeight) {
    List<Transfer.CommittedBlocks.Item> items = new ArrayList<>();
    long bytes = 0;
    for (long height = fromHeight;
        height <= toHeight && bytes < Transfer.BYTES_SOFT_MAX;
        height++) {
      Optional<CommittedBlock> block = ledger.block(height);
      if (block.isEmpty()) {
        break;
      }
      items.add(
          new Transfer.CommittedBlocks.Item(block.get(), ledger.checkpointCertificate(height)));
      bytes += block.get().block().transactionBytes();
    }
    return items;
  }
}
