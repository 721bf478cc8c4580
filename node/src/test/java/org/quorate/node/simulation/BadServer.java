package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.CommittedBlocks;
import org.quorate.consensus.message.Transfer.ProposedBlocks;
import org.quorate.consensus.message.Transfer.Status;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;

/**
 * Says to have more blocks than there are, and answers those who catch up with the wrong ones, in
 * the wrong order, under certificates that prove nothing, with too few, too many, too late, or not
 * at all; and now and then as it should, so that it is asked again.
 */
final class BadServer implements Conduct {
  private static final int LATE_TIMEOUTS_MAX = 3;

  private final SimulatedNode node;
  private List<CommittedBlocks.Item> earlier = List.of();

  BadServer(SimulatedNode node) {
    this.node = node;
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    if (message instanceof ProposedBlocks proposed && node.random().nextBoolean()) {
      List<Block> blocks = proposed.blocks();
      return List.of(new ProposedBlocks(blocks.subList(blocks.size() / 2, blocks.size())));
    }
    if (message instanceof Status status && node.random().nextBoolean()) {
      long more = node.random().nextInt(1_000);
      return List.of(
          new Status(
              status.view(),
              status.active(),
              status.wantedView(),
              status.committed() + more,
              status.stable(),
              status.slots()));
    }
    return message instanceof CommittedBlocks committed ? answers(to, committed) : List.of(message);
  }

  private List<Message> answers(ReplicaId to, CommittedBlocks right) {
    List<CommittedBlocks.Item> items = right.items();
    List<CommittedBlocks.Item> wrong = new ArrayList<>(items);
    switch (node.random().nextInt(11)) {
      case 0 -> {
        return List.of();
      }
      case 1 -> {
        answerLate(to, right);
        return List.of();
      }
      case 2 -> Collections.reverse(wrong);
      case 3 -> wrong.subList(0, Math.min(1, wrong.size())).clear();
      case 4 -> wrong.subList(wrong.size() / 2, wrong.size()).clear();
      case 5 -> wrong.addAll(items);
      case 6 -> wrong = new ArrayList<>(earlier);
      case 7 -> wrong.clear();
      case 8 -> wrong.replaceAll(BadServer::withTooFewSigners);
      case 9 -> signLikeTheNext(wrong);
      default -> {}
    }
    earlier = items;
    return List.of(
        new CommittedBlocks(wrong.subList(0, Math.min(Transfer.BLOCKS_MAX, wrong.size()))));
  }

  /** Before the others lose patience, or after. */
  private void answerLate(ReplicaId to, CommittedBlocks right) {
    int most = LATE_TIMEOUTS_MAX * Configuration.VIEW_TIMEOUT_MILLIS;
    node.after(
        TimeUnit.MILLISECONDS.toNanos(node.random().nextInt(most)),
        () -> node.mouth().tell(to, right));
  }

  /** The block with one signature of its certificate alone. */
  private static CommittedBlocks.Item withTooFewSigners(CommittedBlocks.Item item) {
    SignatureSet all = item.block().commit().signatures();
    TreeMap<ReplicaId, Signature> one = new TreeMap<>();
    ReplicaId first = all.signatures().firstKey();
    one.put(first, all.signatures().get(first));
    return signed(item, new SignatureSet(one));
  }

  /** Certifies the first block by the signatures of the second. */
  private static void signLikeTheNext(List<CommittedBlocks.Item> items) {
    if (items.size() > 1) {
      items.set(0, signed(items.get(0), items.get(1).block().commit().signatures()));
    }
  }

  private static CommittedBlocks.Item signed(CommittedBlocks.Item item, SignatureSet signatures) {
    CommittedBlock block = item.block();
    return new CommittedBlocks.Item(
        new CommittedBlock(block.block(), new QuorumCertificate(block.commit().vote(), signatures)),
        item.checkpoint());
  }
}
