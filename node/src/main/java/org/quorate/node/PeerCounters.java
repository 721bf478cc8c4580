package org.quorate.node;

import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.peer.PeerMetrics;

/** Counts what the links do among the node's metrics. */
record PeerCounters(NodeMetrics metrics) implements PeerMetrics {
  @Override
  public void peersConnected(int count) {
    metrics.peersConnected(count);
  }

  @Override
  public void frameSent(int bytes) {
    metrics.frameSent(bytes);
  }

  @Override
  public void frameReceived(int bytes) {
    metrics.frameReceived(bytes);
  }

  @Override
  public void messageDropped() {
    metrics.messageDropped();
  }

  @Override
  public void connectionRefused(String reason) {
    metrics.connectionRefused(reason);
  }
}
