package org.quorate.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.mempool.Mempool;

/**
 * Brings the transactions of this node's clients to the primary: at once when they come, all that
 * are pending when the primary changes; and to everybody those that were not executed within half
 * the view timeout (two of them while no view is active here), so that the others, too, expect the
 * primary to order them (PROTOCOL.md, timers). Safe for use by any thread; never blocks.
 */
final class Forwarder {
  /** How long a transaction may wait for company. */
  private static final int GATHER_MILLIS = 2;

  private final ReplicaId self;
  private final List<ReplicaId> others;
  private final Mempool pool;
  private final PeerSender peers;
  private final Tasks thread;
  private final long overdueMillis;
  private final long waitingOverdueMillis;

  private final ConcurrentLinkedQueue<Transaction> fresh = new ConcurrentLinkedQueue<>();
  private final AtomicInteger freshCount = new AtomicInteger();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile ReplicaId primary;
  private volatile boolean viewActive = true;

  /**
   * @param viewTimeoutMillis the base T of the view timer
   */
  Forwarder(
      ReplicaId self,
      List<ReplicaId> others,
      Mempool pool,
      PeerSender peers,
      Tasks thread,
      int viewTimeoutMillis) {
    this.self = self;
    this.others = List.copyOf(others);
    this.pool = pool;
    this.peers = peers;
    this.thread = thread;
    this.overdueMillis = viewTimeoutMillis / 2;
    this.waitingOverdueMillis = 2L * viewTimeoutMillis;
    this.primary = self;
  }

  /** Begins to look after overdue transactions. */
  void start() {
    long interval = Math.max(10, overdueMillis / 2);
    if (!others.isEmpty()) {
      thread.every(interval, this::sendOverdue);
    }
  }

  /** A client's transaction is new in the mempool. */
  void accepted(Transaction transaction) {
    if (primary.equals(self) || freshCount.get() >= RunnerLimits.FORWARD_WAITING_MAX) {
      return;
    }
    fresh.add(transaction);
    freshCount.incrementAndGet();
    if (scheduled.compareAndSet(false, true)) {
      thread.after(TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS), this::sendFresh);
    }
  }

  /**
   * The replica is in another view.
   *
   * @param active whether {@code now} leads it already; until then nobody could order anything
   */
  void primaryIs(ReplicaId now, boolean active) {
    viewActive = active;
    if (active && !primary.equals(now)) {
      primary = now;
      thread.run(() -> send(pool.olderThan(0, NodeLimits.MEMPOOL_TRANSACTIONS_MAX), List.of(now)));
    }
  }

  private void sendFresh() {
    scheduled.set(false);
    List<Transaction> transactions = new ArrayList<>();
    for (Transaction next = fresh.poll(); next != null; next = fresh.poll()) {
      freshCount.decrementAndGet();
      transactions.add(next);
    }
    send(transactions, List.of(primary));
  }

  /**
   * While no view is active here most could not be ordered anyway, and sending them again would
   * feed an overload. But this replica may wait for a view that others are in, or that is fruitless
   * for long: they must hear of what its clients gave to it.
   */
  private void sendOverdue() {
    long ageMillis = viewActive ? overdueMillis : waitingOverdueMillis;
    send(pool.takeOverdue(ageMillis, RunnerLimits.OVERDUE_TRANSACTIONS_MAX), others);
  }

  private void send(List<Transaction> transactions, Collection<ReplicaId> to) {
    if (transactions.isEmpty()) {
      return;
    }
    List<Transaction> batch = new ArrayList<>();
    int bytes = 0;
    for (Transaction transaction : transactions) {
      batch.add(transaction);
      bytes += transaction.size();
      if (batch.size() == RunnerLimits.FORWARD_TRANSACTIONS_MAX
          || bytes >= RunnerLimits.FORWARD_BYTES_SOFT_MAX) {
        sendBatch(batch, to);
        batch.clear();
        bytes = 0;
      }
    }
    if (!batch.isEmpty()) {
      sendBatch(batch, to);
    }
  }

  private void sendBatch(List<Transaction> batch, Collection<ReplicaId> to) {
    byte[] payload = PeerPayload.ofTransactions(batch);
    for (ReplicaId replica : to) {
      if (!replica.equals(self) && peers.send(replica, payload) && replica.equals(primary)) {
        pool.handedOver(batch);
      }
    }
  }
}
