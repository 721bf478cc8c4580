package org.quorate.node.simulation;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.membership.ReplicaId;

/** Holds back all that it signs, nearly as long as the others wait for it. */
final class Delayer implements Conduct {
  private final SimulatedNode node;

  Delayer(SimulatedNode node) {
    this.node = node;
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    if (!(message instanceof Signed<?>)) {
      return List.of(message);
    }
    long delayMillis = Configuration.VIEW_TIMEOUT_MILLIS * 9L / 10;
    node.after(TimeUnit.MILLISECONDS.toNanos(delayMillis), () -> node.mouth().tell(to, message));
    return List.of();
  }
}
