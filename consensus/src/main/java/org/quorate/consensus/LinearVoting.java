package org.quorate.consensus;

import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;

/**
 * The rule that safety rests on (PROTOCOL.md, linear voting): in a view a replica votes on one
 * chain, at strictly rising heights, each time for a descendant of a base of the view or, first,
 * for the base itself. Bases are the tip at which the view began, and blocks with a commit
 * certificate of the view.
 */
final class LinearVoting {
  private final BlockTree tree;
  private final TreeMap<Long, Digest> bases = new TreeMap<>();
  private @Nullable BlockId lastVote;
  private boolean abstaining;

  LinearVoting(BlockTree tree, BlockId base) {
    this.tree = tree;
    addBase(base);
  }

  private void addBase(BlockId base) {
    bases.put(base.height(), base.hash());
  }

  /** The block of the last vote in this view. */
  Optional<BlockId> lastVote() {
    return Optional.ofNullable(lastVote);
  }

  /**
   * Whether this replica has found the view's certified chain to be another one than it voted for,
   * and votes no more in it.
   */
  boolean abstaining() {
    return abstaining;
  }

  /** Whether {@code id} is a base. */
  boolean isBase(BlockId id) {
    @Nullable Digest base = bases.get(id.height());
    return base != null && base.equals(id.hash());
  }

  /**
   * Whether a new block on top of {@code parent} may be voted for: the parent is a base, or the
   * block voted for last.
   */
  boolean mayExtend(BlockId parent) {
    if (abstaining || !tree.contains(parent)) {
      return false;
    }
    if (lastVote == null) {
      return isBase(parent);
    }
    return parent.equals(lastVote) || (isBase(parent) && tree.descends(lastVote, parent));
  }

  /** Whether the base itself may be voted for: only as the first vote of the view. */
  boolean mayVoteForBase(BlockId base) {
    return !abstaining && lastVote == null && isBase(base) && tree.contains(base);
  }

  /** Notes a vote, which one of the two rules above allowed. */
  void voted(BlockId block) {
    lastVote = block;
  }

  /** Takes back up a vote that was cast before a restart. */
  void recovered(BlockId block) {
    if (lastVote == null || lastVote.height() < block.height()) {
      lastVote = block;
    }
  }

  /** Votes no more in this view. */
  void abstain() {
    abstaining = true;
  }

  /**
   * A block became final; the tree's root is it now.
   *
   * @param certifiedInView whether by a commit certificate of this view, which makes it a base
   */
  void finalized(BlockId block, boolean certifiedInView) {
    if (certifiedInView) {
      addBase(block);
      // Lower bases are ancestors of this one, and a parent that may be extended is never below the
      // root.
      bases.headMap(block.height()).clear();
    }
    if (lastVote == null) {
      return;
    }
    boolean sameChain =
        lastVote.height() > block.height()
            ? tree.descends(block, lastVote)
            : lastVote.height() < block.height() || lastVote.equals(block);
    if (!sameChain) {
      abstaining = true;
    }
  }
}
