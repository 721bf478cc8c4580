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

/** Votes in both phases for every block of every view that it hears of. */
final class EagerVoter implements Conduct {
  private final SimulatedNode node;
  private final MessageAuthenticator voice;
  private final Set<Vote> voted = new HashSet<>();

  EagerVoter(SimulatedNode node, MessageAuthenticator voice) {
    this.node = node;
    this.voice = voice;
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    return List.of(message);
  }

  @Override
  public void heard(Message message) {
    if (message instanceof Signed<?> signed) {
      if (signed.content() instanceof PrePrepare prePrepare) {
        voteFor(prePrepare.vote());
      } else if (signed.content() instanceof Prepare prepare) {
        voteFor(prepare.vote());
      } else if (signed.content() instanceof Commit commit) {
        voteFor(commit.vote());
      }
    }
  }

  private void voteFor(Vote vote) {
    Prepare prepare = new Prepare(vote.view(), vote.block());
    if (voted.add(prepare.vote())) {
      say(prepare);
      say(new Commit(vote.view(), vote.block()));
    }
  }

  private void say(Signable content) {
    node.tellAll(voice.sign(content));
  }
}
