package org.quorate.node.simulation;

import java.util.List;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;

/** Signs other results than its own: to some replicas one, to some another, to some its own. */
final class Falsifier implements Conduct {
  private final SimulatedNode node;
  private final MessageAuthenticator voice;

  Falsifier(SimulatedNode node, MessageAuthenticator voice) {
    this.node = node;
    this.voice = voice;
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    boolean own =
        message instanceof Signed<?> signed
            && signed.signer().equals(node.id())
            && signed.content() instanceof CheckpointVote;
    if (!own || to.index() % 3 == 2) {
      return List.of(message);
    }
    Checkpoint result = ((CheckpointVote) ((Signed<?>) message).content()).checkpoint();
    Digest wrong = Digest.sha256(new byte[] {(byte) (to.index() % 3)}, result.stateRoot().bytes());
    return List.of(
        voice.sign(
            new CheckpointVote(new Checkpoint(result.block(), result.receiptsRoot(), wrong))));
  }
}
