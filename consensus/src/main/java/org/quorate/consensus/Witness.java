package org.quorate.consensus;

import java.util.Optional;
import java.util.TreeMap;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer.Testimony;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Vote;

/**
 * Keeps what each of the others voted last, in whatever view and at whatever height, and tells it
 * to one that asks because it may have forgotten (PROTOCOL.md, R19).
 */
final class Witness {
  /** How many questions of one replica are answered between two ticks. */
  private static final int ANSWERS_PER_TICK_MAX = 4;

  private final int windowBlocks;
  private final Outbox outbox;
  private final Agreement agreement;
  private final ViewChanger viewChanger;
  private final TreeMap<ReplicaId, Signed<Prepare>> prepares = new TreeMap<>();
  private final TreeMap<ReplicaId, Signed<Commit>> commits = new TreeMap<>();
  private final TreeMap<ReplicaId, Integer> answers = new TreeMap<>();

  Witness(int windowBlocks, Outbox outbox, Agreement agreement, ViewChanger viewChanger) {
    this.windowBlocks = windowBlocks;
    this.outbox = outbox;
    this.agreement = agreement;
    this.viewChanger = viewChanger;
  }

  void tick() {
    answers.clear();
  }

  /** Another replica has signed this. */
  @SuppressWarnings("unchecked") // a Signed is of the type of its content
  void saw(Signed<?> signed) {
    if (signed.content() instanceof PrePrepare) {
      saw(Prepare.castBy((Signed<PrePrepare>) signed));
    } else if (signed.content() instanceof Prepare) {
      prepares.merge(
          signed.signer(),
          (Signed<Prepare>) signed,
          (known, heard) -> later(known.content().vote(), heard.content().vote()) ? heard : known);
    } else if (signed.content() instanceof Commit) {
      commits.merge(
          signed.signer(),
          (Signed<Commit>) signed,
          (known, heard) -> later(known.content().vote(), heard.content().vote()) ? heard : known);
    }
  }

  private static boolean later(Vote known, Vote heard) {
    return NewViewRules.BY_VIEW_THEN_HEIGHT.compare(heard, known) > 0;
  }

  /**
   * Tells {@code asking} what it signed last, and where this replica stands; a replica that has
   * itself forgotten does not know that, and says nothing. One that waits for a view shows why.
   */
  void answer(ReplicaId asking, long number) {
    if (outbox.voice().forgot() || answers.merge(asking, 1, Integer::sum) > ANSWERS_PER_TICK_MAX) {
      return;
    }
    if (!agreement.view().active()) {
      viewChanger.latest().stream()
          .filter(viewChange -> !viewChange.signer().equals(asking))
          .forEach(viewChange -> outbox.send(asking, viewChange));
    }
    outbox.send(
        asking,
        new Testimony(
            number,
            Math.max(agreement.view().number(), outbox.voice().silentThroughView()),
            highestVote(),
            Optional.ofNullable(prepares.get(asking)),
            Optional.ofNullable(commits.get(asking)),
            viewChanger.latest(asking)));
  }

  /** What was told of a replica's forgotten COMMITs bounds its PREPAREs (PROTOCOL.md, f). */
  private long highestVote() {
    long prepared =
        agreement.highestPrepared().map(QuorumCertificate::vote).map(Vote::height).orElse(0L);
    long voted = Math.max(agreement.view().highestVote(), prepared);
    return outbox
        .voice()
        .told()
        .map(told -> Math.max(voted, told.height() + windowBlocks))
        .orElse(voted);
  }
}
