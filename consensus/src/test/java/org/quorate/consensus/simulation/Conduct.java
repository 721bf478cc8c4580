package org.quorate.consensus.simulation;

import org.quorate.consensus.Outgoing;
import org.quorate.consensus.message.Message;

/** How a node treats what its replica wants to send, and what it hears. */
@FunctionalInterface
interface Conduct {
  void send(Outgoing outgoing);

  /** Before the replica gets it. */
  default void heard(Message message) {}
}
