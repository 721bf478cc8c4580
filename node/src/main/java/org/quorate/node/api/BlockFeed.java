package org.quorate.node.api;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.node.NodeLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's {@link BlockEvents}. One thread publishes, the one that applies blocks to the ledger;
 * anyone subscribes, at most {@link NodeLimits#BLOCK_SUBSCRIPTIONS_MAX}. Nothing is queued here:
 * who needs time takes it on a thread of its own.
 */
public final class BlockFeed implements BlockEvents {
  private static final Logger LOG = LoggerFactory.getLogger(BlockFeed.class);

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  @Override
  public synchronized boolean subscribe(Listener listener) {
    return listeners.size() < NodeLimits.BLOCK_SUBSCRIPTIONS_MAX && listeners.add(listener);
  }

  @Override
  public void unsubscribe(Listener listener) {
    listeners.remove(listener);
  }

  /** To be called after the ledger holds the block and the mempool was told. */
  public void executed(ExecutedBlock block) {
    publish(listener -> listener.executed(block));
  }

  /** To be called after the ledger holds the certificate. */
  public void certified(CheckpointCertificate certificate) {
    publish(listener -> listener.certified(certificate));
  }

  /** A listener that throws is broken and is told no more: the chain goes on without it. */
  private void publish(Consumer<Listener> event) {
    for (Listener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("a subscriber to block events failed and is cut off", e);
        unsubscribe(listener);
      }
    }
  }
}
