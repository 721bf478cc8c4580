package org.quorate.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.quorate.ledger.chain.Transaction;

/**
 * Clients of a network, each of which waits for its transaction before it submits the next, and
 * until the next is due if there is a rate.
 */
final class ClosedLoop implements AutoCloseable {
  private final TestNetwork network;
  private final int nodes;
  private final long nanosBetween;
  private final LongAdder executed = new LongAdder();
  private final ConcurrentLinkedQueue<Long> latenciesNanos = new ConcurrentLinkedQueue<>();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean ended;

  /** Starts {@code clientCount} clients that submit by turns to the first {@code nodes} nodes. */
  ClosedLoop(TestNetwork network, int nodes, int clientCount) {
    this(network, nodes, clientCount, 0);
  }

  /**
   * As above.
   *
   * @param perSecond how many all of them together submit at most; 0 for as many as they can
   */
  ClosedLoop(TestNetwork network, int nodes, int clientCount, int perSecond) {
    this.network = network;
    this.nanosBetween = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) * clientCount / perSecond;
    this.nodes = nodes;
    for (int i = 0; i < clientCount; i++) {
      int first = i;
      long firstNanos = System.nanoTime() + i * nanosBetween / clientCount;
      Thread client = new Thread(() -> submit(first, firstNanos), "client-" + i);
      clients.add(client);
      client.start();
    }
  }

  private void submit(int first, long firstNanos) {
    long due = firstNanos;
    for (int turn = first; !ended; turn++) {
      try {
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        long start = System.nanoTime();
        due = Math.max(due + nanosBetween, start);
        Transaction transaction;
        synchronized (network) {
          transaction = network.transaction();
        }
        String query = "?wait=executed&timeout_ms=30000";
        if (network.submit(turn % nodes, transaction, query).statusCode() == 200) {
          executed.increment();
          latenciesNanos.add(System.nanoTime() - start);
        }
      } catch (IOException | InterruptedException e) {
        throw new AssertionError("a running node does not answer", e);
      }
    }
  }

  /** How long each transaction took that was executed since this was last asked, rising. */
  List<Long> takeLatenciesNanos() {
    List<Long> taken = new ArrayList<>();
    for (Long next = latenciesNanos.poll(); next != null; next = latenciesNanos.poll()) {
      taken.add(next);
    }
    Collections.sort(taken);
    return taken;
  }

  /** Transactions executed so far. */
  long executed() {
    return executed.sum();
  }

  @Override
  public void close() {
    ended = true;
    try {
      for (Thread client : clients) {
        client.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
