package org.quorate.node.mempool;

import java.util.Iterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;

/** A client's place in the making of one batch. */
final class Turn {
  final PublicKey client;
  private final Iterator<PendingTransaction> inOrderOfArrival;
  private final Predicate<Digest> exclude;

  Turn(PublicKey client, ClientQueue queue, Predicate<Digest> exclude) {
    this.client = client;
    this.inOrderOfArrival = queue.inOrderOfArrival();
    this.exclude = exclude;
  }

  /** The client's next transaction that is not excluded; null if there is none. */
  @Nullable Transaction next() {
    while (inOrderOfArrival.hasNext()) {
      Transaction transaction = inOrderOfArrival.next().transaction;
      if (!exclude.test(transaction.hash())) {
        return transaction;
      }
    }
    return null;
  }
}
