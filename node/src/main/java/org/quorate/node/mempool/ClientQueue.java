package org.quorate.node.mempool;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.crypto.Digest;

/** One client's pending transactions, in order of arrival. Owned by the mempool's lock. */
final class ClientQueue {
  private final LinkedHashMap<Digest, PendingTransaction> byArrival = new LinkedHashMap<>();
  private final TreeMap<Long, PendingTransaction> byNonce = new TreeMap<>();
  private long bytes;

  boolean hasNonce(long nonce) {
    return byNonce.containsKey(nonce);
  }

  int size() {
    return byArrival.size();
  }

  boolean isEmpty() {
    return byArrival.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  Iterator<PendingTransaction> inOrderOfArrival() {
    return byArrival.values().iterator();
  }

  void add(PendingTransaction pending) {
    byArrival.put(pending.transaction.hash(), pending);
    byNonce.put(pending.transaction.nonce(), pending);
    bytes += pending.transaction.size();
  }

  private void remove(PendingTransaction pending) {
    byArrival.remove(pending.transaction.hash());
    byNonce.remove(pending.transaction.nonce());
    bytes -= pending.transaction.size();
  }

  /** Removes and returns the one with {@code nonce}, if any. */
  List<PendingTransaction> removeNonce(long nonce) {
    return removeAll(byNonce.subMap(nonce, true, nonce, true).values());
  }

  /** Removes and returns those that {@code window} is beyond. */
  List<PendingTransaction> removeTooOld(ReplayWindow window) {
    long newestTooOld = window.highest() - ReplayWindow.SIZE;
    return removeAll(byNonce.headMap(newestTooOld, true).values());
  }

  private List<PendingTransaction> removeAll(Collection<PendingTransaction> some) {
    if (some.isEmpty()) {
      return List.of();
    }
    List<PendingTransaction> removed = List.copyOf(some);
    removed.forEach(this::remove);
    return removed;
  }
}
