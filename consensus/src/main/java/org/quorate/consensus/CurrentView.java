package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.proof.Vote;

/**
 * The view a replica is in, or waits to enter, and its votes of that view: what it may vote for is
 * decided here and nowhere else, and each vote goes through the journal (PROTOCOL.md, R5, R6, R12,
 * R20).
 */
final class CurrentView {
  private final Outbox outbox;
  private final BlockTree tree;

  /** This replica's PREPAREs of the view that are not yet stable, and the last one. */
  private final TreeMap<Long, BlockId> votes = new TreeMap<>();

  private long number;
  private boolean active;

  /** The greatest height at which this replica voted, in whatever view. */
  private long highestVote;

  /** The first base, where it was entered here. */
  private BlockId beginning;

  /** The highest base. */
  private BlockId base;

  private LinearVoting voting;

  CurrentView(Outbox outbox, BlockTree tree, JournalReplay past) {
    this.outbox = outbox;
    this.tree = tree;
    this.number = past.view();
    this.active = past.active();
    this.highestVote = past.highestVote();
    this.beginning = past.base();
    this.base = past.base();
    this.voting = new LinearVoting(tree, base);
    this.votes.putAll(past.votes());
    votes.values().forEach(voting::recovered);
    if (past.abstaining()) {
      voting.abstain();
    }
    past.commitView().ifPresent(commitView -> finalized(tree.root(), commitView));
  }

  long number() {
    return number;
  }

  /** Whether it has been entered. */
  boolean active() {
    return active;
  }

  /**
   * Where this replica entered the view; of no meaning before. It does not move as blocks become
   * final, nor with a restart: the terms of primaries are counted from it (R23).
   */
  BlockId beginning() {
    return beginning;
  }

  /** The highest base of the view; of no meaning before it is entered. */
  BlockId base() {
    return base;
  }

  /** Leaves every view below {@code newView} for good. */
  void leave(long newView) {
    outbox.journal(new JournalRecord.ViewLeft(newView));
    number = newView;
    active = false;
    voting = new LinearVoting(tree, base);
    votes.clear();
  }

  /** Enters {@code newView}, which is this one or higher, at {@code newBase}. */
  void enter(long newView, BlockId newBase) {
    outbox.journal(new JournalRecord.ViewEntered(newView, newBase));
    number = newView;
    active = true;
    beginning = newBase;
    base = newBase;
    voting = new LinearVoting(tree, base);
    votes.clear();
  }

  /** Whether votes may be cast in it, if the rules below allow them. */
  boolean open() {
    return active && outbox.voice().mayVote(number);
  }

  /** Whether the base is to be voted for: as the first vote of the view. */
  boolean mayVoteForBase() {
    return open() && voting.mayVoteForBase(base);
  }

  /** Whether a block on top of {@code parent} may be voted for. */
  boolean mayExtend(BlockId parent) {
    return open()
        && voting.mayExtend(parent)
        && voting.lastVote().map(last -> last.height() <= parent.height()).orElse(true);
  }

  /** The block to build on: the last vote, or the base. */
  BlockId tip() {
    return voting.lastVote().filter(last -> last.height() >= base.height()).orElse(base);
  }

  /** Casts a vote that one of the rules above allows. */
  void vote(BlockId block) {
    outbox.journal(new JournalRecord.Voted(number, block));
    voting.voted(block);
    highestVote = Math.max(highestVote, block.height());
    votes.put(block.height(), block);
  }

  /** The greatest height at which this replica voted, in whatever view. */
  long highestVote() {
    return highestVote;
  }

  /**
   * Whether this replica has no memory of a PREPARE of its own. Its votes of a view rise, and it
   * remembers the last one.
   */
  boolean forgot(Vote prepare) {
    if (prepare.view() != number) {
      return prepare.view() > number;
    }
    @Nullable BlockId known = votes.get(prepare.height());
    return known == null
        ? votes.isEmpty() || prepare.height() > votes.lastKey()
        : !known.equals(prepare.block());
  }

  /** The votes above {@code height}, in rising order. */
  List<BlockId> votesAbove(long height) {
    return List.copyOf(votes.tailMap(height, false).values());
  }

  /** Whether something of this view is begun and not final. */
  boolean unfinished() {
    return !tree.contains(base) || tip().height() > tree.root().height();
  }

  /** A block became final, by a commit certificate of {@code commitView}. */
  void finalized(BlockId block, long commitView) {
    boolean certifiedInView = active && commitView == number;
    if (certifiedInView && block.height() > base.height()) {
      base = block;
    }
    boolean abstained = voting.abstaining();
    voting.finalized(block, certifiedInView);
    if (voting.abstaining() && !abstained) {
      outbox.journal(new JournalRecord.Abstained(number));
    }
  }

  /** Forgets votes up to {@code stableHeight}, but never the last one. */
  void forgetUpTo(long stableHeight) {
    while (votes.size() > 1 && votes.firstKey() <= stableHeight) {
      votes.pollFirstEntry();
    }
  }

  /**
   * What the journal must hold of the view itself; the votes come after the blocks. Higher bases
   * are not in it: a restarted replica finds them as it did the first time.
   */
  JournalRecord liveBeginning() {
    return active
        ? new JournalRecord.ViewEntered(number, beginning)
        : new JournalRecord.ViewLeft(number);
  }

  /** The votes as records. */
  List<JournalRecord> liveVotes() {
    List<JournalRecord> records = new ArrayList<>();
    if (highestVote > 0) {
      records.add(new JournalRecord.VotedUpTo(highestVote));
    }
    if (active && voting.abstaining()) {
      records.add(new JournalRecord.Abstained(number));
    }
    votes.values().forEach(block -> records.add(new JournalRecord.Voted(number, block)));
    return records;
  }

  /** Blocks of this view that later certificates may still ask for. */
  List<BlockId> tips() {
    List<BlockId> tips = new ArrayList<>();
    tips.add(base);
    Optional<BlockId> last = voting.lastVote();
    last.ifPresent(tips::add);
    return tips;
  }
}
