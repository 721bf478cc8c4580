package org.quorate.consensus;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.JournalRecord.Abstained;
import org.quorate.consensus.JournalRecord.Accepted;
import org.quorate.consensus.JournalRecord.Forgot;
import org.quorate.consensus.JournalRecord.NewViewSeen;
import org.quorate.consensus.JournalRecord.Prepared;
import org.quorate.consensus.JournalRecord.Suspected;
import org.quorate.consensus.JournalRecord.Told;
import org.quorate.consensus.JournalRecord.ViewEntered;
import org.quorate.consensus.JournalRecord.ViewLeft;
import org.quorate.consensus.JournalRecord.Voted;
import org.quorate.consensus.JournalRecord.VotedUpTo;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * What a replica was when it stopped, read from its journal: nothing that it signed may be
 * forgotten, else a restart would make a correct replica equivocate (PROTOCOL.md, R18).
 */
final class JournalReplay {
  private final TreeMap<Long, BlockId> votes = new TreeMap<>();
  private final OptionalLong commitView;
  private long view;
  private boolean active = true;
  private long wantedView;
  private boolean abstaining;
  private long highestVote;
  private boolean forgot;
  private Optional<Told> told = Optional.empty();
  private BlockId base;
  private Optional<QuorumCertificate> highestPrepared = Optional.empty();
  private @Nullable ByteString newView;

  /** Plays the records, oldest first, and puts the blocks that are not final into {@code tree}. */
  JournalReplay(ChainSpec spec, ChainTip tip, List<JournalRecord> records, BlockTree tree) {
    this.base = spec.genesisBlock();
    this.commitView = tip.commitView();
    records.forEach(record -> play(record, tree));
  }

  private void play(JournalRecord record, BlockTree tree) {
    if (record instanceof ViewLeft left) {
      begin(left.view(), false);
    } else if (record instanceof ViewEntered entered) {
      begin(entered.view(), true);
      base = entered.base();
    } else if (record instanceof NewViewSeen seen) {
      newView = seen.message();
    } else if (record instanceof Accepted accepted) {
      restore(accepted.block(), tree);
    } else if (record instanceof Voted voted) {
      votes.put(voted.block().height(), voted.block());
      highestVote = Math.max(highestVote, voted.block().height());
    } else if (record instanceof VotedUpTo upTo) {
      highestVote = Math.max(highestVote, upTo.height());
    } else if (record instanceof Prepared prepared) {
      highestPrepared = Optional.of(prepared.certificate());
    } else if (record instanceof Abstained) {
      abstaining = true;
    } else if (record instanceof Forgot) {
      forgot = true;
    } else if (record instanceof Told heard) {
      forgot = false;
      told = Optional.of(heard);
    } else if (record instanceof Suspected suspected) {
      wantedView = Math.max(wantedView, suspected.view());
    }
  }

  private void begin(long begun, boolean entered) {
    view = begun;
    active = entered;
    abstaining = false;
    newView = null;
    votes.clear();
  }

  private static void restore(Block block, BlockTree tree) {
    BlockId parent = new BlockId(block.height() - 1, block.header().parentHash());
    // A block that is final by now, or on a branch that no longer can be, is not needed.
    boolean needed =
        block.height() > tree.root().height()
            && tree.contains(parent)
            && !tree.contains(block.id());
    if (needed && !tree.add(block)) {
      throw new AssertionError("the journal holds " + block + ", which repeats a transaction");
    }
  }

  /** The view it was in, or waited to enter. */
  long view() {
    return view;
  }

  /** Whether it had entered that view. */
  boolean active() {
    return active;
  }

  /** The highest view that it asked the others for; 0 if it never did. */
  long wantedView() {
    return wantedView;
  }

  /** Whether it had ceased to vote in that view. */
  boolean abstaining() {
    return abstaining;
  }

  /** Where it entered the view. */
  BlockId base() {
    return base;
  }

  /** Its votes of the view by height. */
  SortedMap<Long, BlockId> votes() {
    return votes;
  }

  /** The greatest height at which it voted, in whatever view. */
  long highestVote() {
    return highestVote;
  }

  /** Whether it had found out that it forgot, and the others had not told it yet what. */
  boolean forgot() {
    return forgot;
  }

  /** What the others told it when it had forgotten. */
  Optional<Told> told() {
    return told;
  }

  /** The highest prepared certificate it ever held. */
  Optional<QuorumCertificate> highestPrepared() {
    return highestPrepared;
  }

  /** The view of the commit certificate of the last block of the stored chain. */
  OptionalLong commitView() {
    return commitView;
  }

  /** The bytes of the NEW-VIEW message of its view. */
  Optional<ByteString> newView() {
    return Optional.ofNullable(newView);
  }
}
