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
  private final Tasks thread;
  private final Clock clock;
  private final PeerSender peers;
  private final Line[] lines;

  /** What one peer gets. Owned by its own lock. */
  private static final class Line {
    private boolean busy;
    private long freeNanos;

    Line(long nowNanos) {
      freeNanos = nowNanos;
    }

    synchronized boolean enter() {
      boolean entered = !busy;
      busy = true;
      return entered;
    }

    synchronized void leave(long nowNanos) {
      busy = false;
      freeNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(RunnerLimits.ANSWER_INTERVAL_MILLIS);
    }

    synchronized long waitNanos(long nowNanos) {
      return Math.max(0, freeNanos - nowNanos);
    }
  }

  BlockServer(int replicas, Ledger ledger, Tasks thread, PeerSender peers, Clock clock) {
    this.ledger = ledger;
    this.thread = thread;
    this.peers = peers;
    this.clock = clock;
    this.lines = new Line[replicas];
    for (int i = 0; i < replicas; i++) {
      lines[i] = new Line(clock.nanos());
    }
  }

  /** Answers {@code wanted} soon. */
  void serve(Output.Wanted wanted) {
    Line line = lines[wanted.by().index()];
    if (line.enter()) {
      thread.after(line.waitNanos(clock.nanos()), () -> answer(line, wanted));
    }
  }

  private void answer(Line line, Output.Wanted wanted) {
    try {
      send(wanted.by(), blocks(wanted.fromHeight()));
    } finally {
      line.leave(clock.nanos());
    }
  }

  private void send(ReplicaId to, List<Transfer.CommittedBlocks.Item> items) {
    if (!items.isEmpty()) {
      peers.send(
          to, PeerPayload.ofMessage(MessageCodec.encode(new Transfer.CommittedBlocks(items))));
    }
  }

  private List<Transfer.CommittedBlocks.Item> blocks(long fromHeight) {
    List<Transfer.CommittedBlocks.Item> items = new ArrayList<>();
    long bytes = 0;
    for (long height = fromHeight;
        items.size() < Transfer.BLOCKS_MAX && bytes < Transfer.BYTES_SOFT_MAX;
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
