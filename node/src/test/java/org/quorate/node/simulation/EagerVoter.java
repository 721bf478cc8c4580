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
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Vote;

/**
 * Votes in both phases for every block of every view that it hears of, and beside the first of a
 * height for one that does not exist.
 */
final class EagerVoter implements Conduct {
  private record Place(long view, long height) {}

  private final SimulatedNode node;
  private final MessageAuthenticator voice;
  private final Set<Vote> voted = new HashSet<>();
  private final Set<Place> invented = new HashSet<>();

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
    boolean inventsFirst = node.random().nextBoolean(); // of two votes the others count the first
    if (inventsFirst) {
      voteBeside(vote);
    }
    voteFor(vote.view(), vote.block());
    if (!inventsFirst) {
      voteBeside(vote);
    }
  }

  /** Once for each height of a view: two that answer each other's inventions would never end. */
  private void voteBeside(Vote vote) {
    if (invented.add(new Place(vote.view(), vote.height()))) {
      byte[] salt = {(byte) node.process()};
      Digest nowhere = Digest.sha256(salt, vote.block().hash().bytes());
      voteFor(vote.view(), new BlockId(vote.height(), nowhere));
    }
  }

  private void voteFor(long view, BlockId block) {
    Prepare prepare = new Prepare(view, block);
    if (voted.add(prepare.vote())) {
      node.mouth().misbehaved();
      say(prepare);
      say(new Commit(view, block));
    }
  }

  private void say(Signable content) {
    node.mouth().tellAll(voice.sign(content));
  }
}
