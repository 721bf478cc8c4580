package org.quorate.node.simulation;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Vote;

/**
 * What exists anywhere: every block that was ever sent, who signed which vote, and where each view
 * may begin.
 */
final class World {
  private final ChainSpec spec;
  private final int quorum;

  /** Their order is of no importance: they are only looked up. */
  private final Map<Digest, Block> blocks = new HashMap<>();

  private final Map<Long, Map<BlockId, Set<ReplicaId>>> prepares = new HashMap<>();
  private final Map<Long, Map<BlockId, Set<ReplicaId>>> commits = new HashMap<>();

  /** Where each view may begin. */
  private final Map<Long, Set<BlockId>> tips = new HashMap<>();

  World(ChainSpec spec) {
    this.spec = spec;
    this.quorum = spec.validators().quorum().quorum();
    tipsOf(0).add(spec.genesisBlock());
  }

  int windowBlocks() {
    return spec.parameters().windowBlocks();
  }

  private Set<BlockId> tipsOf(long view) {
    return tips.computeIfAbsent(view, any -> new LinkedHashSet<>());
  }

  /** Takes note of a message that leaves any replica. */
  void add(Message message) {
    if (message instanceof Signed<?> signed) {
      if (signed.content() instanceof PrePrepare prePrepare) {
        add(prePrepare.block());
        add(prepares, signed.signer(), prePrepare.vote());
      } else if (signed.content() instanceof Prepare prepare) {
        add(prepares, signed.signer(), prepare.vote());
      } else if (signed.content() instanceof Commit commit) {
        add(commits, signed.signer(), commit.vote());
      } else if (signed.content() instanceof NewView newView) {
        add(signed.signer(), newView);
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

  private static void add(
      Map<Long, Map<BlockId, Set<ReplicaId>>> votes, ReplicaId signer, Vote vote) {
    votes
        .computeIfAbsent(vote.view(), v -> new LinkedHashMap<>())
        .computeIfAbsent(vote.block(), b -> new TreeSet<>())
        .add(signer);
  }

  /** The tip, computed from the rule and not by the replica's code. */
  private void add(ReplicaId signer, NewView newView) {
    if (newView.viewChanges().size() < quorum
        || !signer.equals(spec.validators().primary(newView.view()))) {
      return;
    }
    BlockId tip = spec.genesisBlock();
    long view = -1;
    for (Signed<ViewChange> viewChange : newView.viewChanges()) {
      if (viewChange.content().highestPrepared().isPresent()) {
        Vote prepared = viewChange.content().highestPrepared().get().vote();
        if (prepared.view() > view
            || (prepared.view() == view && prepared.height() > tip.height())) {
          view = prepared.view();
          tip = prepared.block();
        }
      }
    }
    tipsOf(newView.view()).add(tip);
  }

  /**
   * Whether a block stands on, or is, a base of the view: a tip of it or a block committed in it.
   */
  boolean standsOnABase(Vote prepare) {
    Set<BlockId> bases = tipsOf(prepare.view());
    // Downward, because the next base is near: mostly the parent is committed.
    BlockId at = prepare.block();
    while (!bases.contains(at) && !isSignedByQuorum(commits, prepare.view(), at)) {
      if (at.height() == 0) {
        return false;
      }
      at = parent(at);
    }
    return true;
  }

  /** Whether {@code descendant} is {@code ancestor} or lies above it. */
  boolean descends(BlockId ancestor, BlockId descendant) {
    BlockId at = descendant;
    while (at.height() > ancestor.height()) {
      at = parent(at);
    }
    return at.equals(ancestor);
  }

  private BlockId parent(BlockId of) {
    Block block = blocks.get(of.hash());
    if (block == null) {
      throw new Violation("nobody has ever sent the block " + of);
    }
    return new BlockId(of.height() - 1, block.header().parentHash());
  }

  private boolean isSignedByQuorum(
      Map<Long, Map<BlockId, Set<ReplicaId>>> votes, long view, BlockId block) {
    return votes.getOrDefault(view, Map.of()).getOrDefault(block, Set.of()).size() >= quorum;
  }

  /** Whether a quorum has signed PREPARE in the view for the block or for a descendant of it. */
  boolean isPrepared(Vote commit) {
    if (blocks.containsKey(commit.block().hash())
        && isSignedByQuorum(prepares, commit.view(), commit.block())) {
      return true;
    }
    return prepares.getOrDefault(commit.view(), Map.of()).entrySet().stream()
        .filter(entry -> entry.getValue().size() >= quorum)
        .anyMatch(
            entry ->
                blocks.containsKey(entry.getKey().hash())
                    && descends(commit.block(), entry.getKey()));
  }
}
