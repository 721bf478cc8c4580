package org.quorate.consensus.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.consensus.Outgoing;
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
 * both, with those who do. Now and then it also proposes beside the parent.
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
  public void send(Outgoing outgoing) {
    if (outgoing.message() instanceof Signed<?> signed
        && signed.signer().equals(node.id())
        && signed.content() instanceof PrePrepare prePrepare) {
      propose(signed, prePrepare.block());
    } else {
      voter.send(outgoing);
    }
  }

  private void propose(Signed<?> original, Block block) {
    blocks.put(block.hash(), block);
    Block twin = twins.computeIfAbsent(block.hash(), hash -> twin(block));
    Signed<?> other = voice.sign(new PrePrepare(block.header().proposedView(), twin));
    Optional<Signed<?>> below = known(block.header().parentHash()).map(p -> beside(p, block));
    for (ReplicaId peer : node.peers()) {
      if (below.isPresent() && (peer.index() + block.height()) % 3 == 0) {
        node.transmit(new Outgoing(Optional.of(peer), below.get()));
      }
      if (side(peer, block) != 0) {
        node.transmit(new Outgoing(Optional.of(peer), original));
      }
      if (side(peer, block) != 1) {
        node.transmit(new Outgoing(Optional.of(peer), other));
      }
    }
  }

  /**
   * 0: sees the twin, 1: sees the original, 2: sees both. The same for a whole view, so that two
   * chains can grow; in every other view nobody sees both.
   */
  private static int side(ReplicaId peer, Block block) {
    int view = (int) block.header().proposedView();
    return view % 2 == 0 ? peer.index() % 2 : Math.floorMod(peer.index() * 31 + view * 17, 3);
  }

  private Optional<Block> known(Digest hash) {
    return Optional.ofNullable(blocks.get(hash));
  }

  /** A proposal beside the parent of {@code block}, where nobody may vote in the view. */
  private Signed<?> beside(Block parent, Block block) {
    BlockHeader header = parent.header();
    BlockHeader changed =
        new BlockHeader(
            header.height(),
            header.parentHash(),
            block.header().proposedView(),
            header.timestampMillis() + 2,
            node.id(),
            header.transactionsRoot(),
            header.transactionCount(),
            header.validatorSetHash());
    Block rival = new Block(block.chainHash(), changed, parent.transactions());
    return voice.sign(new PrePrepare(changed.proposedView(), rival));
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
