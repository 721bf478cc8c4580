package org.quorate.node.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signable;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Vote;

/**
 * Agrees with everyone: whoever votes for a block gets a PREPARE and a COMMIT for it, which nobody
 * else sees.
 */
final class Flatterer implements Conduct {
  private record Told(ReplicaId peer, Vote vote) {}

  private final SimulatedNode node;
  private final MessageAuthenticator voice;
  private final Set<Told> told = new HashSet<>();

  Flatterer(SimulatedNode node, MessageAuthenticator voice) {
    this.node = node;
    this.voice = voice;
  }

  /** Of its own votes it tells nobody. */
  @Override
  public List<Message> say(ReplicaId to, Message message) {
    boolean vote =
        message instanceof Signed<?> signed
            && (signed.content() instanceof Prepare || signed.content() instanceof Commit);
    return vote ? List.of() : List.of(message);
  }

  @Override
  public void heard(Message message) {
    if (message instanceof Signed<?> signed && !signed.signer().equals(node.id())) {
      if (signed.content() instanceof Prepare prepare) {
        agree(signed.signer(), prepare.vote());
      } else if (signed.content() instanceof PrePrepare prePrepare) {
        agree(signed.signer(), prePrepare.vote());
      } else if (signed.content() instanceof Commit commit) {
        agree(signed.signer(), commit.vote());
      }
    }
  }

  private void agree(ReplicaId peer, Vote vote) {
    Prepare prepare = new Prepare(vote.view(), vote.block());
    if (told.add(new Told(peer, prepare.vote()))) {
      node.mouth().misbehaved();
      say(peer, prepare);
      say(peer, new Commit(vote.view(), vote.block()));
    }
  }

  private void say(ReplicaId peer, Signable content) {
    node.mouth().tell(peer, voice.sign(content));
  }
}
