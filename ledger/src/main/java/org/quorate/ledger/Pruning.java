package org.quorate.ledger;

import static org.quorate.ledger.ChainStore.present;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/**
 * Drops what is no longer kept of a ledger's oldest blocks, and knows what is. Whoever writes to
 * those blocks from another thread holds the monitor of this, or may bring back what is just being
 * dropped. {@link #drop} and {@link #compact} belong to one thread.
 */
final class Pruning {
  /** How many blocks are dropped in one write. */
  private static final int BLOCKS_MAX = 64;

  /** Of how many blocks the space is given back at once. */
  private static final long COMPACTED_BLOCKS = 10_000;

  /** In how many parts transaction records are compacted, so that it can be broken off. */
  private static final int COMPACTED_PARTS = 16;

  private final KeyValueStore store;
  private final ChainStore reads;
  private volatile KeptRecord kept;

  /** Below it {@link #compact} has given back the space. */
  private long compactedTo;

  Pruning(KeyValueStore store, ChainStore reads) {
    this.store = store;
    this.reads = reads;
    this.kept = reads.kept();
  }

  /** From which heights on there is what. For any thread. */
  KeptRecord kept() {
    return kept;
  }

  /** Whether transactions at {@code height} are kept no more. For any thread. */
  boolean hasDropped(long height) {
    if (height < kept.transactionsFrom()) {
      return true;
    }
    synchronized (this) { // it may be under way
      return height < kept.transactionsFrom();
    }
  }

  /** As {@link Ledger#prune}, which has checked that {@code below} is stable. */
  synchronized boolean drop(long below) {
    long from = kept.transactionsFrom();
    long to = Math.min(below, from + BLOCKS_MAX);
    if (to <= from) {
      return false;
    }
    Batch batch = new Batch();
    long height = from;
    while (height < to && drop(height, batch, height == from)) {
      height++;
    }
    KeptRecord next = new KeptRecord(kept.headersFrom(), height);
    batch.put(Table.KEPT.key(), next.encoded());
    store.write(batch, false);
    kept = next;
    return height < below;
  }

  /**
   * Drops a block.
   *
   * @param must whether it is the lowest, so that without it nothing can be dropped
   * @return whether it was: not if nothing says any more which transactions it had
   * @throws StorageException in place of that if it must be dropped
   */
  private boolean drop(long height, Batch batch, boolean must) {
    List<Digest> transactions;
    try {
      transactions = transactions(height);
    } catch (StorageException e) {
      if (must) {
        throw e;
      }
      return false;
    }
    for (Digest transaction : transactions) {
      batch.delete(Table.TRANSACTION.key(transaction.bytes()));
    }
    batch.delete(Table.RECEIPTS.key(height));
    batch.delete(Table.TRANSACTIONS.key(height));
    return true;
  }

  /** The hashes of the transactions of a block, also if its receipts cannot be read. */
  private List<Digest> transactions(long height) {
    if (reads.isLost(Table.RECEIPTS.key(height)) && reads.isLost(Table.TRANSACTIONS.key(height))) {
      return List.of(); // nor were there records of them that could be saved
    }
    try {
      return present(reads.receipts(height), "receipts of block " + height).stream()
          .map(Receipt::transactionHash)
          .toList();
    } catch (StorageException e) {
      return present(reads.block(height), "block " + height).block().transactions().stream()
          .map(Transaction::hash)
          .toList();
    }
  }

  /** As {@link Ledger#compact}. */
  void compact(BooleanSupplier goOn) {
    while (compactedTo < kept.transactionsFrom() && goOn.getAsBoolean()) {
      long next = Math.min(compactedTo + COMPACTED_BLOCKS, kept.transactionsFrom());
      store.compact(Table.TRANSACTIONS.key(compactedTo), Table.TRANSACTIONS.key(next));
      store.compact(Table.RECEIPTS.key(compactedTo), Table.RECEIPTS.key(next));
      compactedTo = next;
    }
    // These lie in the order of hashes, so that all of them must be looked through.
    for (int part = 0; part < COMPACTED_PARTS && goOn.getAsBoolean(); part++) {
      int width = 256 / COMPACTED_PARTS;
      byte[] from = Table.TRANSACTION.key(new byte[] {(byte) (width * part)});
      byte[] to =
          Table.TRANSACTION.key(new byte[] {(byte) (width * part + width - 1), (byte) 0xff});
      store.compact(from, to);
    }
  }
}
