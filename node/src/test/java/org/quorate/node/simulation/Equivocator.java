package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;

/**
 * As primary, makes of every block a twin with the same transactions in another order, on top of
 * the twin of its parent; shows the one to some replicas and the other to the rest; and votes for
 * both, with those who do. To some it proposes a block that stands on a branch which the view has
 * left, or too low.
 */
final class Equivocator implements Conduct {
  private final SimulatedNode node;
  private final MessageAuthenticator voice;
  private final Flatterer voter;
  private final TreeMap<Digest, Block> twins = new TreeMap<>();
  private final TreeMap<Digest, Block> blocks = new TreeMap<>();

  Equivocator(SimulatedNode node, MessageAuthenticator voice) {
    this.node = node;
    this.voice = voice;
    this.voter = new Flatterer(node, voice);
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    return message instanceof Signed<?> signed
            && signed.signer().equals(node.id())
            && signed.content() instanceof PrePrepare prePrepare
        ? propose(to, signed, prePrepare.block())
        : voter.say(to, message);
  }

  private List<Message> propose(ReplicaId to, Signed<?> original, Block block) {
    blocks.put(block.hash(), block);
    Block twin = twins.computeIfAbsent(block.hash(), hash -> twin(block));
    List<Block> elsewhere = elsewhere(block);
    // Of two proposals for a height the first counts, so these must be without a rival.
    if (!elsewhere.isEmpty() && (to.index() + block.height()) % 3 == 0) {
      int chosen = (int) ((to.index() + block.header().proposedView()) % elsewhere.size());
      return List.of(proposal(childOf(elsewhere.get(chosen), block)));
    }
    return switch (side(to, block)) {
      case 0 -> List.of(proposal(twin));
      case 1 -> List.of(original);
      default -> List.of(original, proposal(twin));
    };
  }

  private Message proposal(Block block) {
    return voice.sign(new PrePrepare(block.header().proposedView(), block));
  }

  /**
   * 0: sees the twin, 1: sees the original, 2: sees both. The same for a whole view, so that two
   * chains can grow; in every other view nobody sees both.
   */
  private static int side(ReplicaId peer, Block block) {
    int view = (int) block.header().proposedView();
    return view % 2 == 0 ? peer.index() % 2 : Math.floorMod(peer.index() * 31 + view * 17, 3);
  }

  /** Blocks on which {@code block} must not stand: of other branches, or below its parent. */
  private List<Block> elsewhere(Block block) {
    return blocks.values().stream()
        .filter(other -> other.height() <= block.height() && other.height() >= block.height() - 2)
        .filter(other -> !other.equals(block) && !other.hash().equals(block.header().parentHash()))
        .toList();
  }

  private Block childOf(Block parent, Block block) {
    BlockHeader header = block.header();
    BlockHeader changed =
        new BlockHeader(
            parent.height() + 1,
            parent.hash(),
            header.proposedView(),
            Math.max(header.timestampMillis(), parent.header().timestampMillis() + 1),
            header.proposer(),
            header.transactionsRoot(),
            header.transactionCount(),
            header.validatorSetHash());
    return new Block(block.chainHash(), changed, block.transactions());
  }

  private Block twin(Block block) {
    BlockHeader header = block.header();
    Block parent = twins.get(header.parentHash());
    List<Transaction> transactions = new ArrayList<>(block.transactions());
    Collections.reverse(transactions);
    BlockHeader changed =
        new BlockHeader(
            header.height(),
            parent == null ? header.parentHash() : parent.hash(),
            header.proposedView(),
            header.timestampMillis() + 1,
            header.proposer(),
            Block.transactionsRoot(transactions),
            header.transactionCount(),
            header.validatorSetHash());
    return new Block(block.chainHash(), changed, transactions);
  }

  @Override
  public void heard(Message message) {
    if (message instanceof Signed<?> signed && signed.content() instanceof PrePrepare proposal) {
      blocks.put(proposal.block().hash(), proposal.block());
    }
    voter.heard(message);
  }
}
