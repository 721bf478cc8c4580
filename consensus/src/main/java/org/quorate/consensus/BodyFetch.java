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
 * Gets a block that a view needs, and its ancestors, from those who have them, by hash and from the
 * tip downward: what does not hash to what was asked for is thrown away, so the answers need no
 * signature (PROTOCOL.md, R15).
 *
 * <p>First asked is who should have it, and with each tick another one or again that. If there is
 * more than one block to get, each has its turn: of one tick, then of two, then of four, for a liar
 * may name one that nobody has, or give it out in crumbs.
 */
final class BodyFetch {
  /** A turn grows to at most so many ticks. */
  private static final int TURN_TICKS_MAX = 64;

  private final ReplicaId self;
  private final BlockTree tree;
  private final Outbox outbox;
  private final PeerRotation peers;
  private final AnswerAllowance allowance;
  private final int blocksMax;

  private List<MissingBlock> wanted = List.of();
  private @Nullable MissingBlock target;
  private int turnTicks = 1;
  private int ticksLeft;

  /** Whether the next question goes to who should have the block. */
  private boolean holderNext;

  /** What has come so far: the target first, each block the parent of the one before it. */
  private final List<Block> chain = new ArrayList<>();

  /**
   * @param blocksMax how far above the last final block a target may lie; a replica further behind
   *     catches up first
   */
  BodyFetch(
      ReplicaId self,
      BlockTree tree,
      Outbox outbox,
      PeerRotation peers,
      AnswerAllowance allowance,
      int blocksMax) {
    this.self = self;
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
  boolean want(List<MissingBlock> missing) {
    if (missing.isEmpty() && wanted.isEmpty()) {
      return false; // as after most steps
    }
    wanted = missing.stream().filter(this::isInReach).toList();
    if (target != null && wanted.contains(target)) {
      return joined(target.block());
    }
    if (wanted.isEmpty()) {
      target = null;
      chain.clear();
      turnTicks = 1;
    } else {
      turnTo(wanted.get(0));
    }
    return false;
  }

  private boolean isInReach(MissingBlock missing) {
    long above = missing.block().height() - tree.root().height();
    return above > 0 && above <= blocksMax;
  }

  private void turnTo(MissingBlock next) {
    if (target == null || !target.block().equals(next.block())) {
      chain.clear();
    }
    target = next;
    ticksLeft = turnTicks;
    holderNext = true;
    askNext(next);
  }

  private boolean joined(BlockId tip) {
    if (chain.isEmpty() || next(tip).height() > tree.root().height()) {
      return false; // above the root the chain joins the tree as soon as it has come
    }
    if (next(tip).equals(tree.root())) {
      install();
      return true;
    }
    chain.clear(); // the root has left it behind: begun anew with the next tick
    return false;
  }

  /** Asks the next replica, for the last one did not answer, or for the next block. */
  void tick() {
    if (wanted.size() > 1 && --ticksLeft <= 0) {
      int turn = (wanted.indexOf(target) + 1) % wanted.size();
      if (turn == 0) {
        turnTicks = Math.min(2 * turnTicks, TURN_TICKS_MAX);
      }
      turnTo(wanted.get(turn));
    } else if (target != null) {
      askNext(target);
    }
  }

  private void askNext(MissingBlock missing) {
    boolean holder = holderNext && !missing.holder().equals(self);
    holderNext = !holderNext;
    (holder ? Optional.of(missing.holder()) : peers.next())
        .ifPresent(peer -> ask(peer, missing.block()));
  }

  private void ask(ReplicaId peer, BlockId tip) {
    outbox.send(peer, new FetchProposed(next(tip), tree.root().height()));
  }

  /** What comes next of the chain that ends with {@code tip}. */
  private BlockId next(BlockId tip) {
    return chain.isEmpty() ? tip : parent(chain.get(chain.size() - 1));
  }

  private static BlockId parent(Block block) {
    return new BlockId(block.height() - 1, block.header().parentHash());
  }

  /** Takes what fits on to what has come so far; installs the chain when it reaches the tree. */
  void onProposedBlocks(ReplicaId from, ProposedBlocks answer) {
    if (target == null) {
      return;
    }
    BlockId tip = target.block();
    int before = chain.size();
    for (Block block : answer.blocks()) {
      if (!chain.isEmpty() && block.height() > next(tip).height()) {
        continue; // it has come already, from one who gave less
      }
      if (!block.id().equals(next(tip)) || block.height() <= tree.root().height()) {
        break;
      }
      chain.add(block);
      if (tree.contains(parent(block))) {
        install();
        return;
      }
    }
    if (!chain.isEmpty() && next(tip).height() <= tree.root().height()) {
      chain.clear(); // the root moved meanwhile, or the target can no longer be final
    } else if (chain.size() > before) {
      ask(from, tip); // who has the beginning has the rest
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
