package org.quorate.node.api;

import java.util.Optional;
import java.util.function.Supplier;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.store.StorageException;

/** Reading the ledger for a client; what is damaged is reported to the node and not handed out. */
final class LedgerReads {
  /** What a client is told of damage that belongs to no block that is known. */
  static final Problem DAMAGED =
      new Problem(ProblemType.DAMAGED, "what this node has of it cannot be read; ask another node");

  private final NodeView node;

  LedgerReads(NodeView node) {
    this.node = node;
  }

  /** Reads something of the block at {@code height}. */
  <T> T ofBlock(long height, Supplier<T> read) throws ProblemException {
    try {
      return read.get();
    } catch (StorageException e) {
      throw new ProblemException(
          ProblemType.DAMAGED,
          "what this node has of block "
              + height
              + " cannot be read"
              + (node.damaged(height, e)
                  ? " and is being fetched from other nodes; ask another node meanwhile"
                  : "; ask another node"));
    }
  }

  /** Reads what belongs to no block, or to one that only the read itself tells. */
  <T> T anywhere(Supplier<T> read) throws ProblemException {
    try {
      return read.get();
    } catch (StorageException e) {
      node.damaged(e);
      throw new ProblemException(DAMAGED.type(), DAMAGED.detail());
    }
  }

  /** Where a transaction stands, if the chain has it. */
  Optional<TransactionRecord> transaction(Digest hash) throws ProblemException {
    return anywhere(() -> ledger().transaction(hash));
  }

  private Ledger ledger() {
    return node.ledger();
  }
}
