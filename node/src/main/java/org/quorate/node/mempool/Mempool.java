package org.quorate.node.mempool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.ReplayWindow.Freshness;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;

/**
 * The transactions that this node knows and that are not executed yet. Bounded in all and per
 * client ({@link MempoolLimits}). What comes in has been checked by {@link TransactionAdmission};
 * here only freshness and room are decided.
 *
 * <p>Beside the transactions it keeps each client's replay window at the tip, so that a nonce that
 * was used is refused before anything is spent on its signature.
 *
 * <p>Each client's transactions leave in order of arrival. Clients take turns: a batch holds one of
 * each client, then a second of each, and so on. In the next batch come first the clients that got
 * nothing, then those that got nothing in the last round. So a flood of one client delays its own
 * transactions only, and a large one that did not fit in has all the room soon.
 *
 * <p>Safe for use by any thread; one lock, never held while waiting for anything.
 */
public final class Mempool {
  private final MempoolLimits limits;
  private final LongSupplier clockMillis;
  private final Map<PublicKey, ReplayWindow> windows;
  private final LinkedHashMap<Digest, PendingTransaction> byArrival = new LinkedHashMap<>();
  private final LinkedHashMap<Digest, PendingTransaction> byOverdue = new LinkedHashMap<>();
  private final LinkedHashMap<PublicKey, ClientQueue> clientsByTurn = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param windows the replay window at the tip of every client that used a nonce
   * @param clockMillis a clock that never goes back, in milliseconds
   */
  public Mempool(
      MempoolLimits limits, Map<PublicKey, ReplayWindow> windows, LongSupplier clockMillis) {
    this.limits = limits;
    this.windows = new HashMap<>(windows);
    this.clockMillis = clockMillis;
  }

  /** What a transaction is to the mempool at the moment. */
  public enum Standing {
    /** It may come in. */
    NEW,
    /** It is in already. */
    PENDING,
    /** Another pending transaction, or an executed one (maybe itself), bears its nonce. */
    NONCE_REPEATED,
    /** Its nonce is below the client's window; maybe it was executed itself. */
    NONCE_TOO_OLD,
    /** Its client has no room left. */
    CLIENT_QUOTA,
    /** There is no room left. */
    FULL
  }

  /** How {@code transaction} stands; changes nothing. */
  public synchronized Standing standing(Transaction transaction) {
    if (byArrival.containsKey(transaction.hash())) {
      return Standing.PENDING;
    }
    Freshness freshness =
        windows
            .getOrDefault(transaction.client(), ReplayWindow.EMPTY)
            .freshness(transaction.nonce());
    if (freshness != Freshness.FRESH) {
      return freshness == Freshness.REPEATED ? Standing.NONCE_REPEATED : Standing.NONCE_TOO_OLD;
    }
    ClientQueue queue = clientsByTurn.get(transaction.client());
    if (queue != null && queue.hasNonce(transaction.nonce())) {
      return Standing.NONCE_REPEATED;
    }
    if (byArrival.size() >= limits.transactionsMax()
        || bytes + transaction.size() > limits.bytesMax()) {
      return Standing.FULL;
    }
    boolean overQuota =
        queue != null
            && (queue.size() >= limits.clientTransactionsMax()
                || queue.bytes() + transaction.size() > limits.clientBytesMax());
    return overQuota ? Standing.CLIENT_QUOTA : Standing.NEW;
  }

  /**
   * Takes {@code transaction} in if it is {@link Standing#NEW}, and tells what it was. It must meet
   * {@link org.quorate.ledger.chain.TransactionRules}.
   */
  public synchronized Standing add(Transaction transaction) {
    Standing standing = standing(transaction);
    if (standing == Standing.NEW) {
      PendingTransaction pending = new PendingTransaction(transaction, clockMillis.getAsLong());
      byArrival.put(transaction.hash(), pending);
      byOverdue.put(transaction.hash(), pending);
      clientsByTurn.computeIfAbsent(transaction.client(), key -> new ClientQueue()).add(pending);
      bytes += transaction.size();
    }
    return standing;
  }

  /** {@link #add} for each, in order, as one step. */
  public synchronized List<Standing> addAll(List<Transaction> transactions) {
    return transactions.stream().map(this::add).toList();
  }

  /**
   * Transactions for a block; they stay in the mempool until {@link #executed}.
   *
   * @param countMax the most transactions
   * @param bytesMax the most encoded bytes
   * @param exclude those that stand in a proposed block already
   */
  public synchronized List<Transaction> batch(
      int countMax, long bytesMax, Predicate<Digest> exclude) {
    List<Turn> turns = new ArrayList<>(clientsByTurn.size());
    clientsByTurn.forEach((client, queue) -> turns.add(new Turn(client, queue, exclude)));
    List<Transaction> batch = new ArrayList<>();
    long room = bytesMax;
    Set<PublicKey> served = new LinkedHashSet<>();
    List<PublicKey> servedInLastRound = List.of();
    while (!turns.isEmpty() && batch.size() < countMax) {
      List<PublicKey> servedInRound = new ArrayList<>();
      for (Iterator<Turn> round = turns.iterator(); round.hasNext() && batch.size() < countMax; ) {
        Turn turn = round.next();
        Transaction transaction = turn.next();
        if (transaction == null || transaction.size() > room) {
          round.remove();
        } else {
          batch.add(transaction);
          room -= transaction.size();
          servedInRound.add(turn.client);
        }
      }
      served.addAll(servedInRound);
      servedInLastRound = servedInRound.isEmpty() ? servedInLastRound : servedInRound;
    }
    served.forEach(this::moveToLastTurn);
    servedInLastRound.forEach(this::moveToLastTurn);
    return batch;
  }

  private void moveToLastTurn(PublicKey client) {
    ClientQueue queue = clientsByTurn.remove(client);
    if (queue != null) {
      clientsByTurn.put(client, queue);
    }
  }

  /**
   * Takes note that {@code block} was executed: its transactions leave, and so do those whose nonce
   * is now used or too old. Called once for each block, in order of height, after the ledger has
   * it.
   *
   * @return how many transactions left that are not in the block: they can never be executed
   */
  public synchronized int executed(Block block) {
    int dropped = 0;
    for (Transaction transaction : block.transactions()) {
      ReplayWindow window =
          windows.getOrDefault(transaction.client(), ReplayWindow.EMPTY).with(transaction.nonce());
      windows.put(transaction.client(), window);
      ClientQueue queue = clientsByTurn.get(transaction.client());
      if (queue != null) {
        for (PendingTransaction pending : queue.removeNonce(transaction.nonce())) {
          forget(pending);
          dropped += pending.transaction.equals(transaction) ? 0 : 1;
        }
        for (PendingTransaction pending : queue.removeTooOld(window)) {
          forget(pending);
          dropped++;
        }
        if (queue.isEmpty()) {
          clientsByTurn.remove(transaction.client());
        }
      }
    }
    return dropped;
  }

  private void forget(PendingTransaction pending) {
    byArrival.remove(pending.transaction.hash());
    byOverdue.remove(pending.transaction.hash());
    bytes -= pending.transaction.size();
  }

  /** Whether a transaction with this hash is pending. */
  public synchronized boolean contains(Digest hash) {
    return byArrival.containsKey(hash);
  }

  /** Number of pending transactions. */
  public synchronized int size() {
    return byArrival.size();
  }

  /** Number of pending transactions that are not among {@code excluded}. */
  public synchronized int sizeWithout(Set<Digest> excluded) {
    return byArrival.size() - (int) excluded.stream().filter(byArrival::containsKey).count();
  }

  /** Encoded bytes of all pending transactions. */
  public synchronized long bytes() {
    return bytes;
  }

  /** The highest nonce of {@code client} that was executed, 0 if none. */
  public synchronized long highestNonce(PublicKey client) {
    return windows.getOrDefault(client, ReplayWindow.EMPTY).highest();
  }

  /** How long the oldest pending transaction has been here, in milliseconds; 0 if there is none. */
  public synchronized long oldestAgeMillis() {
    Iterator<PendingTransaction> oldestFirst = byArrival.values().iterator();
    return oldestFirst.hasNext() ? clockMillis.getAsLong() - oldestFirst.next().arrivedMillis : 0;
  }

  /** The pending transactions of at least that age, oldest first, at most {@code countMax}. */
  public synchronized List<Transaction> olderThan(long ageMillis, int countMax) {
    long arrivedBy = clockMillis.getAsLong() - ageMillis;
    List<Transaction> old = new ArrayList<>();
    for (PendingTransaction pending : byArrival.values()) {
      if (old.size() >= countMax || pending.arrivedMillis > arrivedBy) {
        break;
      }
      old.add(pending.transaction);
    }
    return old;
  }

  /** Takes note that {@code transactions} were sent to the primary. */
  public synchronized void handedOver(List<Transaction> transactions) {
    long now = clockMillis.getAsLong();
    for (Transaction transaction : transactions) {
      PendingTransaction pending = byArrival.get(transaction.hash());
      if (pending != null) {
        pending.handedMillis = Math.min(pending.handedMillis, now);
      }
    }
  }

  /**
   * A transaction that a primary has.
   *
   * @param sinceMillis when it was first sent to one
   */
  public record Handed(Digest hash, PublicKey client, int size, long sinceMillis) {}

  /**
   * Of each client the pending transaction that arrived first of those that were handed over.
   *
   * @param exclude those that do not count
   */
  public synchronized List<Handed> oldestHanded(Predicate<Digest> exclude) {
    List<Handed> oldest = new ArrayList<>();
    for (Map.Entry<PublicKey, ClientQueue> entry : clientsByTurn.entrySet()) {
      Iterator<PendingTransaction> queue = entry.getValue().inOrderOfArrival();
      while (queue.hasNext()) {
        PendingTransaction pending = queue.next();
        Transaction transaction = pending.transaction;
        if (pending.handedMillis != PendingTransaction.NOT_HANDED
            && !exclude.test(transaction.hash())) {
          oldest.add(
              new Handed(
                  transaction.hash(), entry.getKey(), transaction.size(), pending.handedMillis));
          break;
        }
      }
    }
    return oldest;
  }

  /**
   * The pending transactions that arrived, or were last returned from here, at least that long ago;
   * at most {@code countMax}. So a caller that asks now and then gets each transaction once in that
   * time, for as long as it is pending.
   */
  public synchronized List<Transaction> takeOverdue(long ageMillis, int countMax) {
    if (byOverdue.isEmpty()) {
      return List.of();
    }
    long now = clockMillis.getAsLong();
    List<PendingTransaction> taken = new ArrayList<>();
    for (PendingTransaction pending : byOverdue.values()) {
      if (taken.size() >= countMax || pending.overdueSinceMillis > now - ageMillis) {
        break;
      }
      taken.add(pending);
    }
    if (taken.isEmpty()) {
      return List.of();
    }
    for (PendingTransaction pending : taken) {
      pending.overdueSinceMillis = now;
      byOverdue.remove(pending.transaction.hash());
      byOverdue.put(pending.transaction.hash(), pending);
    }
    return taken.stream().map(pending -> pending.transaction).toList();
  }
}
