package org.quorate.node.peer;

/** What the links count. Called from any thread; must not block. */
public interface PeerMetrics {
  /** Counts nothing. */
  PeerMetrics NONE =
      new PeerMetrics() {
        @Override
        public void peersConnected(int count) {}

        @Override
        public void frameSent(int bytes) {}

        @Override
        public void frameReceived(int bytes) {}

        @Override
        public void messageDropped() {}

        @Override
        public void connectionRefused(String reason) {}
      };

  /** So many peers are connected now. */
  void peersConnected(int count);

  /** A frame with a payload was handed to the connection; {@code bytes} of it, its header too. */
  void frameSent(int bytes);

  /** A frame with a payload came; {@code bytes} of it, its header too. */
  void frameReceived(int bytes);

  /** A payload was not sent: no link, a full queue, or a link that ended before its turn. */
  void messageDropped();

  /**
   * A connection was refused, or closed for what came over it.
   *
   * @param reason the label of a {@link Refusal}
   */
  void connectionRefused(String reason);
}
