package org.quorate.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.quorate.consensus.Input;
import org.quorate.ledger.membership.ReplicaId;

/**
 * What waits for the replica. Each peer has a share of its own, so that one that floods loses only
 * its own messages; what the node itself reports always finds room, since there is little of it: an
 * Executed for each block that the window lets through.
 *
 * <p>Safe for use by any thread; nobody ever waits in it.
 */
final class Inbox {
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private final Share[] shares;
  private final Runnable wake;

  /** An input and whose share it takes; negative for none. */
  private record Entry(Input input, int peer, int bytes) {}

  /** What a peer has in the queue. Owned by the inbox's lock. */
  private static final class Share {
    int inputs;
    long bytes;
  }

  /**
   * @param replicas how many replicas there are
   * @param wake is run when something was put in; must not block
   */
  Inbox(int replicas, Runnable wake) {
    this.wake = wake;
    shares = new Share[replicas];
    for (int i = 0; i < replicas; i++) {
      shares[i] = new Share();
    }
  }

  /**
   * Puts in what {@code peer} caused.
   *
   * @param bytes how much memory it takes, about
   * @return false, and nothing is kept, if the peer's share is full
   */
  boolean offer(ReplicaId peer, Input input, int bytes) {
    synchronized (this) {
      Share share = shares[peer.index()];
      if (share.inputs >= RunnerLimits.INBOX_PEER_INPUTS_MAX
          || (share.inputs > 0 && share.bytes + bytes > RunnerLimits.INBOX_PEER_BYTES_MAX)) {
        return false;
      }
      share.inputs++;
      share.bytes += bytes;
      queue.add(new Entry(input, peer.index(), bytes));
    }
    wake.run();
    return true;
  }

  /** Puts in what the node itself reports. */
  void offer(Input input) {
    synchronized (this) {
      queue.add(new Entry(input, -1, 0));
    }
    wake.run();
  }

  /** Whether there is nothing in it. */
  synchronized boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Takes what is there, oldest first, up to what one turn may hold. */
  synchronized List<Input> take() {
    List<Input> inputs = new ArrayList<>(Math.min(queue.size(), RunnerLimits.TURN_INPUTS_MAX));
    long bytes = 0;
    while (!queue.isEmpty()
        && inputs.size() < RunnerLimits.TURN_INPUTS_MAX
        && bytes < RunnerLimits.TURN_BYTES_MAX) {
      Entry entry = queue.remove();
      inputs.add(entry.input());
      bytes += entry.bytes();
      if (entry.peer() >= 0) {
        Share share = shares[entry.peer()];
        share.inputs--;
        share.bytes -= entry.bytes();
      }
    }
    return inputs;
  }
}
