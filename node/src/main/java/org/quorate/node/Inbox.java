package org.quorate.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.quorate.consensus.Input;
import org.quorate.ledger.membership.ReplicaId;

/**
 * What waits for the replica. Each peer has a share of its own, so that one that floods loses only
 * its own messages; what the node itself reports always finds room, since there is little of it: an
 * Executed for each block that the window lets through.
 *
 * <p>Safe for use by any thread; nobody but {@link #take} ever waits in it.
 */
final class Inbox {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private final Share[] shares;
  private boolean woken;

  /** An input and whose share it takes; negative for none. */
  private record Entry(Input input, int peer, int bytes) {}

  /** What a peer has in the queue. Owned by the lock. */
  private static final class Share {
    int inputs;
    long bytes;
  }

  /**
   * @param replicas how many replicas there are
   */
  Inbox(int replicas) {
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
    lock.lock();
    try {
      Share share = shares[peer.index()];
      if (share.inputs >= RunnerLimits.INBOX_PEER_INPUTS_MAX
          || (share.inputs > 0 && share.bytes + bytes > RunnerLimits.INBOX_PEER_BYTES_MAX)) {
        return false;
      }
      share.inputs++;
      share.bytes += bytes;
      add(new Entry(input, peer.index(), bytes));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Puts in what the node itself reports. */
  void offer(Input input) {
    lock.lock();
    try {
      add(new Entry(input, -1, 0));
    } finally {
      lock.unlock();
    }
  }

  private void add(Entry entry) {
    queue.add(entry);
    changed.signal();
  }

  /** Ends the present or next wait of {@link #take}, though nothing is put in. */
  void wake() {
    lock.lock();
    try {
      if (!woken) {
        woken = true;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes what is there, oldest first, up to what one turn may hold; waits for at most {@code
   * nanosMax} if nothing is there.
   *
   * @return empty if the time passed, or {@link #wake} was called
   */
  List<Input> take(long nanosMax) {
    lock.lock();
    try {
      await(nanosMax);
      woken = false;
      return drain();
    } finally {
      lock.unlock();
    }
  }

  private void await(long nanosMax) {
    long left = nanosMax;
    while (queue.isEmpty() && !woken && left > 0) {
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException e) {
        // Nobody of the node interrupts this thread, since that would close the journal's file.
        throw new AssertionError("the replica's thread was interrupted", e);
      }
    }
  }

  private List<Input> drain() {
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
