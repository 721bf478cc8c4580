package org.quorate.node;

import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.quorate.consensus.Input;
import org.quorate.ledger.RepairResult;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;
import org.quorate.monitoring.NodeMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of the ledger was found damaged, by whoever read it for others: it is counted and logged. A
 * block is fetched again from the peers and repaired; for anything else the whole ledger is made
 * anew when the node starts again. Safe for use by any thread.
 */
final class Repairs {
  private static final Logger log = LoggerFactory.getLogger(Repairs.class);

  private final boolean havePeers;
  private final Consumer<Input.Lost> replica;
  private final Consumer<DamageException> beyondPeers;
  private final NodeMetrics metrics;

  /** The heights that peers are asked for. */
  private final TreeSet<Long> underWay = new TreeSet<>();

  /** Heights of which something is lost that no peer can give back. */
  private final TreeSet<Long> hopeless = new TreeSet<>();

  /**
   * @param havePeers whether there is another validator
   * @param replica is told which blocks to ask peers for
   * @param beyondPeers is told of damage that belongs to no block
   */
  Repairs(
      boolean havePeers,
      Consumer<Input.Lost> replica,
      Consumer<DamageException> beyondPeers,
      NodeMetrics metrics) {
    this.havePeers = havePeers;
    this.replica = replica;
    this.beyondPeers = beyondPeers;
    this.metrics = metrics;
  }

  /**
   * Something of the block at {@code height} cannot be read.
   *
   * @return whether it is being fetched from peers: not if there are none, if that was in vain
   *     before, or of too many blocks at a time
   */
  boolean damaged(long height, StorageException cause) {
    metrics.damageFound();
    if (!havePeers) {
      log.error("block {} is damaged, and nobody else has it: {}", height, cause.getMessage());
      return false;
    }
    synchronized (this) {
      if (underWay.contains(height)) {
        return true;
      }
      if (hopeless.contains(height) || underWay.size() >= RunnerLimits.REPAIRS_MAX) {
        return false;
      }
      underWay.add(height);
    }
    log.error("block {} is damaged here and is asked of peers: {}", height, cause.getMessage());
    replica.accept(new Input.Lost(height));
    return true;
  }

  /** Something cannot be read that belongs to no block, or to one that only it would tell. */
  void damaged(StorageException cause) {
    metrics.damageFound();
    log.error("the ledger is damaged: {}", cause.getMessage());
    if (cause instanceof DamageException damage) {
      beyondPeers.accept(damage);
    }
  }

  /** Peers gave the block at {@code height}, and this came of it. */
  void attempted(long height, RepairResult result) {
    synchronized (this) {
      underWay.remove(height);
      // What only this node had. Anything else another peer may give, when it is missed again.
      if (result.lost().equals(List.of(Table.RECEIPTS))
          && hopeless.size() < RunnerLimits.REPAIRS_MAX) {
        hopeless.add(height);
      }
    }
    if (result.whole()) {
      metrics.damageRepaired();
      log.info("block {} is repaired: {} entries", height, result.written());
    } else if (result.accepted()) {
      log.error("block {} is not repaired, still lost: {}", height, result.lost());
    } else {
      log.error("block {} is not repaired: what peers have cannot be told to be the same", height);
    }
  }
}
