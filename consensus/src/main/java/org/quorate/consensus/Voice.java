package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.consensus.JournalRecord.Forgot;
import org.quorate.consensus.JournalRecord.Told;
import org.quorate.consensus.RecoveryStatus.Phase;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signable;
import org.quorate.consensus.message.ViewChange;

/**
 * What a replica may sign, as far as its memory goes; nothing but CHECKPOINTs until it has asked
 * the others, and if it has forgotten, until it has been told and a stable checkpoint has passed
 * that (PROTOCOL.md, R20 and R22). A CHECKPOINT is a function of the chain, so to sign it again is
 * to say the same again.
 */
final class Voice {
  private boolean askedOthers;
  private boolean forgot;
  private Optional<Told> told;
  private long stableHeight;

  Voice(JournalReplay past) {
    this.forgot = past.forgot();
    this.told = past.told();
  }

  /** Whether the others are still to answer. */
  boolean asking() {
    return forgot || !askedOthers;
  }

  /** Whether it has forgotten, and does not know yet what. */
  boolean forgot() {
    return forgot;
  }

  /** Whether it says anything but CHECKPOINTs. */
  boolean speaks() {
    return !asking() && stableHeight >= forgottenHeight();
  }

  /**
   * Whether it may vote in {@code view}, say that it waits for that view, and begin it as its
   * primary: not where it may have done so before and forgotten.
   */
  boolean mayVote(long view) {
    return speaks() && view > silentThroughView();
  }

  /** What it signed and has forgotten is of no higher view; -1 if it never forgot. */
  long silentThroughView() {
    return told.isEmpty() ? -1 : told.get().view();
  }

  /** What it was told when it had forgotten; empty if it never was. */
  Optional<Told> told() {
    return told;
  }

  /** COMMITs that it signed and has forgotten are of no greater height; 0 if it never forgot. */
  long forgottenHeight() {
    return told.isEmpty() ? 0 : told.get().height();
  }

  /** The last line of defence: whoever asks for a signature has asked the rules above before. */
  void require(Signable content) {
    if (!(content instanceof CheckpointVote) && !mayVote(viewOf(content))) {
      throw new AssertionError("a replica that may have forgotten its votes would sign " + content);
    }
  }

  private static long viewOf(Signable content) {
    if (content instanceof PrePrepare prePrepare) {
      return prePrepare.view();
    } else if (content instanceof Prepare prepare) {
      return prepare.vote().view();
    } else if (content instanceof Commit commit) {
      return commit.vote().view();
    } else if (content instanceof ViewChange viewChange) {
      return viewChange.newView();
    } else {
      return ((NewView) content).view();
    }
  }

  /** Enough of the others were asked, and none knows of anything forgotten. */
  void othersAnswered() {
    askedOthers = true;
  }

  /** It has signed what it does not know. */
  void forget() {
    forgot = true;
  }

  /** It knows now how far that went. What it was told before holds as well. */
  void tell(Told heard) {
    forgot = false;
    askedOthers = true;
    told = Optional.of(heard);
  }

  /** The low watermark is there. */
  void stable(long height) {
    stableHeight = height;
  }

  RecoveryStatus status() {
    Phase phase =
        forgot ? Phase.FORGOT : !askedOthers ? Phase.ASKING : speaks() ? Phase.VOTING : Phase.TOLD;
    return new RecoveryStatus(phase, silentThroughView(), forgottenHeight());
  }

  /** What the journal must hold of it. */
  List<JournalRecord> liveRecords() {
    List<JournalRecord> records = new ArrayList<>(told.stream().toList());
    if (forgot) {
      records.add(new Forgot());
    }
    return records;
  }
}
