package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.List;
import org.quorate.consensus.message.Message;
import org.quorate.ledger.membership.ReplicaId;

/** Adds to what it says what it or others said before: votes, certificates, NEW-VIEWs, blocks. */
final class Replayer implements Conduct {
  private static final int REMEMBERED_MAX = 400;

  private final SimulatedNode node;
  private final List<Message> remembered = new ArrayList<>();

  Replayer(SimulatedNode node) {
    this.node = node;
  }

  private void remember(Message message) {
    if (remembered.size() < REMEMBERED_MAX) {
      remembered.add(message);
    } else {
      remembered.set(node.random().nextInt(REMEMBERED_MAX), message);
    }
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    remember(message);
    return List.of(message, remembered.get(node.random().nextInt(remembered.size())));
  }

  @Override
  public void heard(Message message) {
    remember(message);
  }
}
