package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.CommittedBlocks;
import org.quorate.consensus.message.Transfer.ProposedBlocks;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;

/**
 * Answers those who catch up with the wrong blocks, in the wrong order, with the certificate of
 * another, with too few of them, or not at all.
 */
final class BadServer implements Conduct {
  private final SimulatedNode node;

  BadServer(SimulatedNode node) {
    this.node = node;
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    if (message instanceof ProposedBlocks proposed && node.random().nextBoolean()) {
      List<Block> blocks = proposed.blocks();
      return List.of(new ProposedBlocks(blocks.subList(blocks.size() / 2, blocks.size())));
    }
    return message instanceof CommittedBlocks committed
        ? answers(committed.items())
        : List.of(message);
  }

  private List<Message> answers(List<CommittedBlocks.Item> items) {
    List<CommittedBlocks.Item> changed = new ArrayList<>(items);
    switch (node.random().nextInt(6)) {
      case 0 -> {
        return List.of();
      }
      case 1 -> Collections.reverse(changed);
      case 2 -> changed.remove(0);
      case 3 -> changed.subList(changed.size() / 2, changed.size()).clear();
      case 4 -> changed.addAll(items);
      default -> changed.set(0, tooFewSigners(changed.get(0)));
    }
    int most = Math.min(Transfer.BLOCKS_MAX, changed.size());
    return List.of(new CommittedBlocks(changed.subList(0, most)));
  }

  /** The block with one signature of its certificate alone. */
  private static CommittedBlocks.Item tooFewSigners(CommittedBlocks.Item item) {
    QuorumCertificate certificate = item.block().commit();
    TreeMap<ReplicaId, Signature> one = new TreeMap<>();
    ReplicaId first = certificate.signatures().signatures().firstKey();
    one.put(first, certificate.signatures().signatures().get(first));
    return new CommittedBlocks.Item(
        new CommittedBlock(
            item.block().block(), new QuorumCertificate(certificate.vote(), new SignatureSet(one))),
        item.checkpoint());
  }
}
