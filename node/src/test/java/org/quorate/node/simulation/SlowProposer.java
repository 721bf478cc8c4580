package org.quorate.node.simulation;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.membership.ReplicaId;

/** Holds back its proposals, nearly as long as the others wait for a block. */
final class SlowProposer implements Conduct {
  private final SimulatedNode node;

  SlowProposer(SimulatedNode node) {
    this.node = node;
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    if (!(message instanceof Signed<?> signed && signed.content() instanceof PrePrepare)) {
      return List.of(message);
    }
    long delayMillis = Configuration.VIEW_TIMEOUT_MILLIS * 8L / 10;
    node.after(TimeUnit.MILLISECONDS.toNanos(delayMillis), () -> node.mouth().tell(to, message));
    return List.of();
  }
}
