package org.quorate.node;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.PublicKey;

/**
 * What the blocks of the last window held. A primary has at most a window of blocks under way, so
 * when it made the last of them, no more than this can have filled its mempool that was in blocks
 * already. Owned by the replica's thread.
 */
final class RecentBlocks {
  private final int windowBlocks;
  private final ArrayDeque<Map<PublicKey, Load>> blocks = new ArrayDeque<>();
  private final Map<PublicKey, Load> ofClients = new HashMap<>();
  private Load all = Load.NONE;

  /** So many transactions, with so many bytes. */
  record Load(int transactions, long bytes) {
    static final Load NONE = new Load(0, 0);

    Load plus(Load other) {
      return new Load(transactions + other.transactions, bytes + other.bytes);
    }

    Load minus(Load other) {
      return new Load(transactions - other.transactions, bytes - other.bytes);
    }

    /** Whether there is less than half of what is allowed, of both. */
    boolean lessThanHalf(int transactionsMax, long bytesMax) {
      return transactions < transactionsMax / 2 && bytes < bytesMax / 2;
    }
  }

  RecentBlocks(int windowBlocks) {
    this.windowBlocks = windowBlocks;
  }

  /** The next block became final. */
  void add(Block block) {
    Map<PublicKey, Load> added = new HashMap<>();
    for (Transaction transaction : block.transactions()) {
      added.merge(transaction.client(), new Load(1, transaction.size()), Load::plus);
    }
    blocks.add(added);
    added.forEach(
        (client, load) -> {
          ofClients.merge(client, load, Load::plus);
          all = all.plus(load);
        });
    if (blocks.size() > windowBlocks) {
      blocks.remove().forEach(this::subtract);
    }
  }

  private void subtract(PublicKey client, Load load) {
    all = all.minus(load);
    Load left = of(client).minus(load);
    if (left.transactions() == 0) {
      ofClients.remove(client);
    } else {
      ofClients.put(client, left);
    }
  }

  Load all() {
    return all;
  }

  Load of(PublicKey client) {
    return ofClients.getOrDefault(client, Load.NONE);
  }
}
