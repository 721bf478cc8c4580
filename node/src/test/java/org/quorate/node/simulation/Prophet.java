package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer.Status;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;

/**
 * Votes in views and at heights that are not there yet, asks for views far ahead and leaves for
 * them, and says to be where nobody is.
 */
final class Prophet implements Conduct {
  private static final long FAR = 1L << 40;

  private final SimulatedNode node;
  private final MessageAuthenticator voice;

  Prophet(SimulatedNode node, MessageAuthenticator voice) {
    this.node = node;
    this.voice = voice;
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    if (message instanceof Status status) {
      return List.of(
          new Status(
              status.view(),
              status.active(),
              wanted(status),
              node.random().nextBoolean() ? FAR : status.committed() + 3,
              status.stable(),
              status.slots()));
    }
    List<Message> said = new ArrayList<>(List.of(message));
    if (message instanceof Signed<?> signed && signed.content() instanceof Prepare prepare) {
      long view = prepare.vote().view() + 1 + node.random().nextInt(3);
      long height = prepare.vote().height() + node.random().nextInt(1_000);
      BlockId block = new BlockId(height, Digest.sha256(new byte[] {(byte) height}));
      said.add(voice.sign(new Prepare(view, prepare.vote().block())));
      said.add(voice.sign(new Prepare(prepare.vote().view(), block)));
      said.add(voice.sign(new Commit(FAR, block)));
      said.add(voice.sign(new ViewChange(FAR + view, Optional.empty(), Optional.empty())));
      said.add(voice.sign(new NewView(view, List.of())));
      said.add(voice.sign(new CheckpointVote(new Checkpoint(block, Digest.ZERO, Digest.ZERO))));
    }
    return said;
  }

  /** Asks each on its own for what it likes, and takes that back at once. */
  private long wanted(Status status) {
    return switch (node.random().nextInt(4)) {
      case 0 -> status.wantedView();
      case 1 -> status.view();
      case 2 -> status.view() + 1;
      default -> FAR + status.view();
    };
  }
}
