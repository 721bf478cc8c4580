package org.quorate.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.crypto.Digest;

/**
 * The blocks that this replica accepted in its view and that are not executed yet, so that what
 * stands in them is not proposed again. Only to save work: the replica itself leaves out what its
 * chain already holds. Owned by the replica's thread.
 */
final class InFlight {
  private final TreeMap<Long, Block> blocks = new TreeMap<>();
  private final Map<Digest, Long> acceptedNanos = new HashMap<>();
  private final Set<Digest> transactions = new HashSet<>();

  /** The replica accepted {@code block}. */
  void accepted(Block block, long nowNanos) {
    Block other = blocks.put(block.height(), block);
    if (other != null) {
      forget(other);
    }
    acceptedNanos.put(block.hash(), nowNanos);
    block.transactions().forEach(transaction -> transactions.add(transaction.hash()));
  }

  /** Whether {@code block} was accepted and is not executed. */
  boolean contains(Block block) {
    return acceptedNanos.containsKey(block.hash());
  }

  /** How long ago {@code block} was accepted; 0 if it is not in flight. */
  long ageNanos(Block block, long nowNanos) {
    return nowNanos - acceptedNanos.getOrDefault(block.hash(), nowNanos);
  }

  /** All blocks up to {@code height} were executed. */
  void executed(long height) {
    while (!blocks.isEmpty() && blocks.firstKey() <= height) {
      forget(blocks.pollFirstEntry().getValue());
    }
  }

  /** The view was left: what was accepted in it may never be executed. */
  void clear() {
    blocks.clear();
    acceptedNanos.clear();
    transactions.clear();
  }

  /** Whether no block is in flight. */
  boolean isEmpty() {
    return blocks.isEmpty();
  }

  /** The hashes of all transactions in flight. A view, for this thread. */
  Set<Digest> transactions() {
    return transactions;
  }

  private void forget(Block block) {
    acceptedNanos.remove(block.hash());
    block.transactions().forEach(transaction -> transactions.remove(transaction.hash()));
  }
}
