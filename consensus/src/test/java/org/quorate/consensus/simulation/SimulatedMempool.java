package org.quorate.consensus.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import org.quorate.consensus.ProposalSlot;
import org.quorate.consensus.TestLedger;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;

/** The transactions a node waits for, lost when it crashes; and which of them it has proposed. */
final class SimulatedMempool {
  private final LinkedHashMap<Digest, Transaction> pending = new LinkedHashMap<>();
  private final TreeSet<Digest> proposed = new TreeSet<>();
  private long proposedInView = -1;

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** Whether it was new. */
  boolean add(Transaction transaction) {
    return pending.putIfAbsent(transaction.hash(), transaction) == null;
  }

  /** Forgets what cannot be ordered any more. */
  void retain(TestLedger ledger) {
    pending.values().removeIf(transaction -> !ledger.isFresh(transaction));
  }

  /** What to propose at {@code slot}: nothing twice in a view. */
  List<Transaction> batch(ProposalSlot slot, int most) {
    if (slot.view() != proposedInView) {
      proposed.clear();
      proposedInView = slot.view();
    }
    List<Transaction> batch = new ArrayList<>();
    for (Transaction transaction : pending.values()) {
      if (batch.size() < most && proposed.add(transaction.hash())) {
        batch.add(transaction);
      }
    }
    return batch;
  }
}
