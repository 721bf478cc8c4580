package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.FetchProposed;
import org.quorate.consensus.message.Transfer.ProposedBlocks;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Gets a block that is prepared and its ancestors from those who have them, by hash and from the
 * tip downward: what does not hash to what was asked for is thrown away, so the answers need no
 * signature (PROTOCOL.md, R15). f+1 correct replicas persisted them.
 */
final class BodyFetch {
  private final BlockTree tree;
  private final Outbox outbox;
  private final PeerRotation peers;
  private final AnswerAllowance allowance;
  private final int blocksMax;

  private @Nullable BlockId target;

  /** What has come so far: the target first, each block the parent of the one before it. */
  private final List<Block> chain = new ArrayList<>();

  /**
   * @param blocksMax how far above the last final block a target may lie; a replica further behind
   *     catches up first
   */
  BodyFetch(
      BlockTree tree, Outbox outbox, PeerRotation peers, AnswerAllowance allowance, int blocksMax) {
    this.tree = tree;
    this.outbox = outbox;
    this.peers = peers;
    this.allowance = allowance;
    this.blocksMax = blocksMax;
  }

  /**
   * What is missing now; asks for it if that is new.
   *
   * @return whether it is there after all, since the root has come up to what is held of it
   */
  boolean want(Optional<BlockId> missing) {
    Optional<BlockId> reachable =
        missing.filter(
            id ->
                id.height() > tree.root().height()
                    && id.height() <= tree.root().height() + blocksMax);
    if (!reachable.equals(Optional.ofNullable(target))) {
      target = reachable.orElse(null);
      chain.clear();
      ask();
      return false;
    }
    return joined();
  }

  private boolean joined() {
    if (target == null || chain.isEmpty() || next(target).height() > tree.root().height()) {
      return false; // above the root the chain joins the tree as soon as it has come
    }
    if (next(target).equals(tree.root())) {
      install();
      return true;
    }
    chain.clear(); // the root has left it behind: begun anew with the next tick
    return false;
  }

  /** Asks the next replica, for the last one did not answer. */
  void tick() {
    ask();
  }

  private void ask() {
    if (target == null) {
      return;
    }
    FetchProposed request = new FetchProposed(next(target), tree.root().height());
    peers.next().ifPresent(peer -> outbox.send(peer, request));
  }

  private BlockId next(BlockId wanted) {
    return chain.isEmpty() ? wanted : parent(chain.get(chain.size() - 1));
  }

  private static BlockId parent(Block block) {
    return new BlockId(block.height() - 1, block.header().parentHash());
  }

  /** Takes what fits on to what has come so far; installs the chain when it reaches the tree. */
  void onProposedBlocks(ProposedBlocks answer) {
    if (target == null || answer.blocks().isEmpty()) {
      return;
    }
    for (Block block : answer.blocks()) {
      if (!block.id().equals(next(target)) || block.height() <= tree.root().height()) {
        break;
      }
      chain.add(block);
      if (tree.contains(parent(block))) {
        install();
        return;
      }
    }
    if (!chain.isEmpty() && next(target).height() <= tree.root().height()) {
      chain.clear(); // the root moved meanwhile, or the target can no longer be final
    } else if (!chain.isEmpty()) {
      ask();
    }
  }

  private void install() {
    for (int i = chain.size() - 1; i >= 0; i--) {
      Block block = chain.get(i);
      if (!tree.contains(block.id())) {
        if (!tree.add(block)) {
          break; // a quorum of correct replicas would not have prepared it
        }
        outbox.journal(new JournalRecord.Accepted(block));
      }
    }
    chain.clear();
    target = null;
  }

  /** Answers another replica's request from the tree, as much as one message may hold. */
  void onFetchProposed(ReplicaId from, FetchProposed request) {
    List<Block> found = new ArrayList<>();
    long bytes = 0;
    Optional<Block> block = tree.block(request.tip().hash());
    while (block.isPresent()
        && block.get().height() > request.aboveHeight()
        && found.size() < Transfer.BLOCKS_MAX
        && bytes < Transfer.BYTES_SOFT_MAX
        && allowance.take(from, block.get())) {
      found.add(block.get());
      bytes += block.get().transactionBytes();
      block = tree.block(block.get().header().parentHash());
    }
    if (!found.isEmpty()) {
      outbox.send(from, new ProposedBlocks(found));
    }
  }
}
