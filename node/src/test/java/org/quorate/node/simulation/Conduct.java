package org.quorate.node.simulation;

import java.util.List;
import org.quorate.consensus.message.Message;
import org.quorate.ledger.membership.ReplicaId;

/** What a faulty replica makes of what a correct one would say, and of what it hears. */
@FunctionalInterface
interface Conduct {
  /** What it says to {@code to} instead of {@code message}, in this order. */
  List<Message> say(ReplicaId to, Message message);

  /** It hears something, before its replica does. */
  default void heard(Message message) {}
}
