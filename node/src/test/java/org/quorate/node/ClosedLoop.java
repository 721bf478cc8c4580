package org.quorate.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.quorate.ledger.chain.Transaction;

/** Clients of a network, each of which waits for its transaction before it submits the next. */
final class ClosedLoop implements AutoCloseable {
  private final TestNetwork network;
  private final int nodes;
  private final LongAdder executed = new LongAdder();
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean ended;

  /** Starts {@code clientCount} clients that submit by turns to the first {@code nodes} nodes. */
  ClosedLoop(TestNetwork network, int nodes, int clientCount) {
    this.network = network;
    this.nodes = nodes;
    for (int i = 0; i < clientCount; i++) {
      int first = i;
      Thread client = new Thread(() -> submit(first), "client-" + i);
      clients.add(client);
      client.start();
    }
  }

  private void submit(int first) {
    for (int turn = first; !ended; turn++) {
      try {
        Transaction transaction;
        synchronized (network) {
          transaction = network.transaction();
        }
        String query = "?wait=executed&timeout_ms=30000";
        if (network.submit(turn % nodes, transaction, query).statusCode() == 200) {
          executed.increment();
        }
      } catch (IOException | InterruptedException e) {
        throw new AssertionError("a running node does not answer", e);
      }
    }
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
