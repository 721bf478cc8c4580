package org.quorate.consensus.simulation;

import org.quorate.consensus.Outgoing;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;

/** Equivocates, flatters, and lies about what it has prepared. */
final class Malice implements Conduct {
  private final Equivocator equivocator;
  private final Forgetter forgetter;

  Malice(SimulatedNode node, MessageAuthenticator voice) {
    this.equivocator = new Equivocator(node, voice);
    this.forgetter = new Forgetter(node, voice);
  }

  @Override
  public void send(Outgoing outgoing) {
    boolean viewChange =
        outgoing.message() instanceof Signed<?> signed
            && (signed.content() instanceof ViewChange || signed.content() instanceof NewView);
    (viewChange ? forgetter : equivocator).send(outgoing);
  }

  @Override
  public void heard(Message message) {
    equivocator.heard(message);
    forgetter.heard(message);
  }
}
