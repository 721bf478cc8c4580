package org.quorate.consensus;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.quorate.consensus.JournalRecord.Forgot;
import org.quorate.consensus.JournalRecord.Told;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer.Recall;
import org.quorate.consensus.message.Transfer.Testimony;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.membership.Quorum;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Vote;

/**
 * Finds out whether this replica has forgotten what it signed, and how far that went, from what the
 * others know of it (PROTOCOL.md, a replica that forgot). What follows from it, {@link Voice} says.
 */
final class Recovery {
  private final Quorum quorum;
  private final ReplicaId self;
  private final int windowBlocks;
  private final Outbox outbox;
  private final Agreement agreement;
  private final ViewChanger viewChanger;
  private final CheckpointTracker checkpoints;

  /** Of each of the others its last answer to the present question. */
  private final TreeMap<ReplicaId, Testimony> testimonies = new TreeMap<>();

  private long number;
  private boolean spoke;

  Recovery(
      ChainSpec spec,
      ReplicaId self,
      Outbox outbox,
      Agreement agreement,
      ViewChanger viewChanger,
      CheckpointTracker checkpoints) {
    this.quorum = spec.validators().quorum();
    this.self = self;
    this.windowBlocks = spec.parameters().windowBlocks();
    this.outbox = outbox;
    this.agreement = agreement;
    this.viewChanger = viewChanger;
    this.checkpoints = checkpoints;
  }

  /** Asks the others; {@code instance} makes the question a new one. */
  void start(long instance) {
    number = instance;
    ask();
  }

  private void ask() {
    outbox.multicast(new Recall(number));
  }

  /** A link was made, over which the question may not have come. */
  void connected(ReplicaId peer) {
    if (outbox.voice().asking()) {
      outbox.send(peer, new Recall(number));
    }
  }

  /**
   * Asks again who has not answered; goes on if so many have that they are a quorum with this
   * replica. Until now it waited for the rest as well: the more answer, the less can be missed.
   */
  void tick() {
    if (!outbox.voice().asking()) {
      return;
    }
    if (!outbox.voice().forgot() && testimonies.size() >= quorum.quorum() - 1) {
      outbox.voice().othersAnswered();
      return;
    }
    ask();
  }

  void onTestimony(ReplicaId from, Testimony testimony) {
    if (!outbox.voice().asking() || testimony.number() != number || from.equals(self)) {
      return;
    }
    testimonies.put(from, testimony);
    testimony.prepare().ifPresent(this::saw);
    testimony.commit().ifPresent(this::saw);
    testimony.viewChange().ifPresent(this::saw);
  }

  /**
   * Takes note of what is signed with this replica's key, wherever it turns up: has it forgotten
   * that? (PROTOCOL.md, R20.)
   */
  void saw(Signed<?> signed) {
    if (signed.content() instanceof NewView newView) {
      newView.viewChanges().forEach(this::saw);
    }
    if (!signed.signer().equals(self)) {
      return;
    }
    if (signed.content() instanceof PrePrepare prePrepare) {
      saw(prePrepare.vote());
    } else if (signed.content() instanceof Prepare prepare) {
      saw(prepare.vote());
    } else if (signed.content() instanceof Commit commit) {
      saw(commit.vote());
    } else if (signed.content() instanceof ViewChange viewChange) {
      left(viewChange.newView());
    } else if (signed.content() instanceof NewView newView) {
      left(newView.view());
    }
  }

  /** As {@link #saw(Signed)}, of a certificate that others made of signatures. */
  void saw(QuorumCertificate certificate) {
    if (certificate.signatures().signatures().containsKey(self)) {
      saw(certificate.vote());
    }
  }

  private void saw(Vote vote) {
    boolean unknown =
        vote.phase() == Phase.PREPARE
            ? agreement.view().forgot(vote)
            : agreement
                .highestPrepared()
                .map(known -> NewViewRules.BY_VIEW_THEN_HEIGHT.compare(vote, known.vote()) > 0)
                .orElse(true);
    if (unknown) {
      forgot(vote.view());
    }
  }

  private void left(long view) {
    if (view > agreement.view().number()) {
      forgot(view);
    }
  }

  private void forgot(long view) {
    Voice voice = outbox.voice();
    if (voice.forgot() || view <= voice.silentThroughView()) {
      return;
    }
    voice.forget();
    outbox.journal(new Forgot());
    testimonies.clear();
    number++; // what was said before this may not count
    ask();
  }

  /**
   * Draws the conclusion from what has come in, if it suffices.
   *
   * @return whether this replica may speak from now on and could not before
   */
  boolean settle() {
    Voice voice = outbox.voice();
    voice.stable(checkpoints.stableHeight());
    if (voice.forgot()) {
      conclude(voice);
    } else if (testimonies.size() == quorum.n() - 1) {
      voice.othersAnswered();
    }
    boolean begins = voice.speaks() && !spoke;
    spoke = voice.speaks();
    return begins;
  }

  /** PROTOCOL.md, R21. */
  private void conclude(Voice voice) {
    List<Testimony> plausible = testimonies.values().stream().filter(this::plausible).toList();
    if (plausible.isEmpty() || plausible.size() < Math.min(quorum.quorum(), quorum.n() - 1)) {
      return;
    }
    Told told =
        new Told(
            Math.max(voice.silentThroughView(), greatest(plausible, Testimony::view) + 1),
            Math.max(voice.forgottenHeight(), greatest(plausible, Testimony::height)));
    outbox.journal(told);
    voice.tell(told);
  }

  private static long greatest(Collection<Testimony> of, ToLongFunction<Testimony> number) {
    return of.stream().mapToLong(number).max().orElse(0);
  }

  /**
   * Whether a correct replica may say that, as far as is proven here. What is true becomes
   * plausible as this replica catches up; what is not keeps one answer from counting.
   */
  private boolean plausible(Testimony testimony) {
    long proven = Math.max(agreement.view().number(), viewChanger.provenView());
    return testimony.view() <= proven + quorum.n() // each may have excluded one more
        && testimony.height() <= checkpoints.stableHeight() + windowBlocks;
  }
}
