package org.quorate.node.simulation;

import java.util.List;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.membership.ReplicaId;

/** Equivocates, flatters, and lies about what it has prepared. */
final class Malice implements Conduct {
  private final Equivocator equivocator;
  private final Forgetter forgetter;

  Malice(SimulatedNode node, MessageAuthenticator voice) {
    this.equivocator = new Equivocator(node, voice);
    this.forgetter = new Forgetter(node, voice);
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    boolean viewChange =
        message instanceof Signed<?> signed
            && (signed.content() instanceof ViewChange || signed.content() instanceof NewView);
    return (viewChange ? forgetter : equivocator).say(to, message);
  }

  @Override
  public void heard(Message message) {
    equivocator.heard(message);
    forgetter.heard(message);
  }
}
