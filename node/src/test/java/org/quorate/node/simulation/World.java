package org.quorate.node.simulation;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
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

  /** Whether no more is broken than the protocol bears: then quorums must not contradict. */
  private final boolean bearable;

  /** Their order is of no importance: they are only looked up. */
  private final Map<Digest, Block> blocks = new HashMap<>();

  private final Map<Long, Map<BlockId, Set<ReplicaId>>> prepares = new HashMap<>();
  private final Map<Long, Map<BlockId, Set<ReplicaId>>> commits = new HashMap<>();

  /** By view and height, what a quorum has signed PREPARE for. */
  private final Map<Long, Map<Long, BlockId>> prepared = new HashMap<>();

  /** By height, what a quorum has signed COMMIT for in one view, whichever. */
  private final TreeMap<Long, BlockId> committed = new TreeMap<>();

  /** Where each view may begin. */
  private final Map<Long, Set<BlockId>> tips = new HashMap<>();

  /**
   * @param bearable whether at most f replicas are faulty and no disk lies
   */
  World(ChainSpec spec, boolean bearable) {
    this.spec = spec;
    this.bearable = bearable;
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
        addPrepare(signed.signer(), prePrepare.vote());
      } else if (signed.content() instanceof Prepare prepare) {
        addPrepare(signed.signer(), prepare.vote());
      } else if (signed.content() instanceof Commit commit) {
        addCommit(signed.signer(), commit.vote());
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

  private void addPrepare(ReplicaId signer, Vote vote) {
    if (add(prepares, signer, vote) && bearable) {
      BlockId other =
          prepared
              .computeIfAbsent(vote.view(), v -> new HashMap<>())
              .putIfAbsent(vote.height(), vote.block());
      agree(other == null || other.equals(vote.block()), "PREPARE", vote, other);
    }
  }

  /** Whoever has the COMMITs may decide, and so may somebody else in another view. */
  private void addCommit(ReplicaId signer, Vote vote) {
    if (add(commits, signer, vote) && bearable) {
      BlockId block = vote.block();
      BlockId other = committed.putIfAbsent(block.height(), block);
      agree(other == null || other.equals(block), "COMMIT", vote, other);
      Map.Entry<Long, BlockId> lower = committed.lowerEntry(block.height());
      agree(lower == null || descends(lower.getValue(), block), "COMMIT", vote, lower);
      Map.Entry<Long, BlockId> higher = committed.higherEntry(block.height());
      agree(higher == null || descends(block, higher.getValue()), "COMMIT", vote, higher);
    }
  }

  private static void agree(boolean agreed, String what, Vote vote, @Nullable Object other) {
    if (!agreed) {
      throw new Violation(
          "AGREEMENT: a quorum has signed " + what + " for " + vote + ", another for " + other);
    }
  }

  /** Whether this is the vote that makes a quorum. */
  private boolean add(Map<Long, Map<BlockId, Set<ReplicaId>>> votes, ReplicaId signer, Vote vote) {
    Set<ReplicaId> signers =
        votes
            .computeIfAbsent(vote.view(), v -> new LinkedHashMap<>())
            .computeIfAbsent(vote.block(), b -> new TreeSet<>());
    return signers.add(signer) && signers.size() == quorum;
  }

  /** Whether it holds VIEW-CHANGEs to its view of a quorum, each of another signer. */
  private boolean isOfQuorum(NewView newView) {
    Set<ReplicaId> signers = new TreeSet<>();
    for (Signed<ViewChange> viewChange : newView.viewChanges()) {
      if (viewChange.content().newView() != newView.view() || !signers.add(viewChange.signer())) {
        return false;
      }
    }
    return signers.size() >= quorum;
  }

  /** The tip, computed from the rule and not by the replica's code. */
  private void add(ReplicaId signer, NewView newView) {
    if (!isOfQuorum(newView) || !signer.equals(spec.validators().primary(newView.view()))) {
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
