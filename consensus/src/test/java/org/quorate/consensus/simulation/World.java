package org.quorate.consensus.simulation;

import java.util.TreeMap;
import java.util.TreeSet;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Vote;

/** What exists anywhere: every block that was ever sent, and who signed which PREPARE. */
final class World {
  private final int quorum;
  private final TreeMap<Digest, Block> blocks = new TreeMap<>();
  private final TreeMap<Long, TreeMap<Digest, TreeSet<ReplicaId>>> prepares = new TreeMap<>();

  World(int quorum) {
    this.quorum = quorum;
  }

  /** Takes note of a message that leaves any replica. */
  void add(Message message) {
    if (message instanceof Signed<?> signed) {
      if (signed.content() instanceof PrePrepare prePrepare) {
        add(prePrepare.block());
        add(signed.signer(), prePrepare.vote());
      } else if (signed.content() instanceof Prepare prepare) {
        add(signed.signer(), prepare.vote());
      }
    } else if (message instanceof Transfer.ProposedBlocks proposed) {
      proposed.blocks().forEach(this::add);
    } else if (message instanceof Transfer.CommittedBlocks committed) {
      committed.items().forEach(item -> add(item.block().block()));
    }
  }

  void add(Block block) {
    blocks.putIfAbsent(block.hash(), block);
  }

  private void add(ReplicaId signer, Vote vote) {
    prepares
        .computeIfAbsent(vote.view(), v -> new TreeMap<>())
        .computeIfAbsent(vote.block().hash(), b -> new TreeSet<>())
        .add(signer);
  }

  /** Whether {@code descendant} is {@code ancestor} or lies above it. */
  boolean descends(BlockId ancestor, BlockId descendant) {
    BlockId at = descendant;
    while (at.height() > ancestor.height()) {
      Block block = blocks.get(at.hash());
      if (block == null) {
        throw new Violation("nobody has ever sent the block " + at);
      }
      at = new BlockId(at.height() - 1, block.header().parentHash());
    }
    return at.equals(ancestor);
  }

  /** Whether a quorum has signed PREPARE in the view for the block or for a descendant of it. */
  boolean isPrepared(Vote commit) {
    TreeMap<Digest, TreeSet<ReplicaId>> ofView = prepares.get(commit.view());
    return ofView != null
        && ofView.entrySet().stream()
            .filter(entry -> entry.getValue().size() >= quorum)
            .map(entry -> blocks.get(entry.getKey()))
            .anyMatch(block -> block != null && descends(commit.block(), block.id()));
  }
}
