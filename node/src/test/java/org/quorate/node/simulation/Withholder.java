package org.quorate.node.simulation;

import java.util.List;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Says each kind of signed message to some replicas only, to others in every other view; and never
 * answers those who ask for blocks.
 */
final class Withholder implements Conduct {
  private final SimulatedNode node;

  Withholder(SimulatedNode node) {
    this.node = node;
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    if (!(message instanceof Signed<?> signed)) {
      return to.index() % 2 == 0 ? List.of(message) : List.of();
    }
    int kind = signed.content().getClass().getSimpleName().length();
    boolean said = (kind + to.index() + node.view()) % 3 != 0;
    return said ? List.of(message) : List.of();
  }
}
