package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.membership.Quorum;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.ContradictionRules;

/** Replaces a primary (PROTOCOL.md, view change; Castro & Liskov, OSDI '99, §4.4 and §4.5.2). */
final class ViewChanger {
  private final ChainSpec spec;
  private final Quorum quorum;
  private final ReplicaId self;
  private final Outbox outbox;
  private final BlockTree tree;
  private final Agreement agreement;
  private final CheckpointTracker checkpoints;
  private final ViewTimer timer;

  /** Of each validator the VIEW-CHANGE to the highest view. */
  private final TreeMap<ReplicaId, Signed<ViewChange>> latest = new TreeMap<>();

  private final Suspicions suspicions;

  /** The highest view that each of the others says by STATUS to be in, or to wait for. */
  private final TreeMap<ReplicaId, Long> said = new TreeMap<>();

  /** The NEW-VIEW of the current view, if this replica entered it by one. */
  private @Nullable Signed<NewView> newView;

  ViewChanger(
      ChainSpec spec,
      ReplicaId self,
      Outbox outbox,
      BlockTree tree,
      Agreement agreement,
      CheckpointTracker checkpoints,
      ViewTimer timer,
      Suspicions suspicions,
      @Nullable Signed<NewView> newView) {
    this.spec = spec;
    this.quorum = spec.validators().quorum();
    this.self = self;
    this.outbox = outbox;
    this.tree = tree;
    this.agreement = agreement;
    this.checkpoints = checkpoints;
    this.timer = timer;
    this.suspicions = suspicions;
    this.newView = newView;
  }

  /**
   * The primary, or the one that should have become it, made no progress in time: this replica asks
   * for the next view. Until a quorum does it goes on in its own.
   */
  void suspect() {
    if (outbox.voice().speaks()) {
      suspicions.ask(agreement.view().number() + 1);
      react();
    }
  }

  /** The highest view that this replica asked for, be it in the past; 0 if it never did. */
  long askedFor() {
    return suspicions.wanted();
  }

  /** The highest view that this replica asks for: its own, unless it suspects the primary. */
  long wantedView() {
    return Math.max(suspicions.wanted(), agreement.view().number());
  }

  /** The primary has had its term: the next one's turn comes (PROTOCOL.md, R23). */
  void rotate() {
    timer.termOver();
    moveTo(agreement.view().number() + 1);
    react();
  }

  private void moveTo(long view) {
    agreement.leave(view);
    newView = null;
    announceAgain();
  }

  /** Multicasts this replica's VIEW-CHANGE, if it waits for a view and may say so. */
  void announceAgain() {
    if (agreement.view().active() || !outbox.voice().mayVote(agreement.view().number())) {
      return;
    }
    Signed<ViewChange> viewChange =
        outbox.sign(
            new ViewChange(
                agreement.view().number(), checkpoints.stable(), agreement.highestPrepared()));
    latest.put(self, viewChange);
    outbox.multicast(viewChange);
  }

  void onViewChange(Signed<ViewChange> viewChange) {
    accuse(viewChange);
    suspicions.heard(viewChange.signer(), viewChange.content().newView());
    latest.merge(
        viewChange.signer(),
        viewChange,
        (known, heard) -> heard.content().newView() > known.content().newView() ? heard : known);
    react();
  }

  /** Holds a VIEW-CHANGE against what its signer said before, as far as that is still known. */
  private void accuse(Signed<ViewChange> viewChange) {
    List<Signed<?>> before = new ArrayList<>(agreement.commitsOf(viewChange.signer()));
    Optional.ofNullable(latest.get(viewChange.signer())).ifPresent(before::add);
    before.stream()
        .filter(said -> contradict(said, viewChange))
        .findFirst()
        .ifPresent(said -> outbox.accuse(said, viewChange));
  }

  private static boolean contradict(Signed<?> one, Signed<?> other) {
    return ContradictionRules.kind(one.content().statement(), other.content().statement())
        .isPresent();
  }

  /** Does what the others ask for, if this replica may. */
  void react() {
    if (!outbox.voice().speaks()) {
      return;
    }
    long view = agreement.view().number();
    long ofWeakQuorum = suspicions.ofWeakQuorum();
    if (ofWeakQuorum > view) {
      suspicions.ask(ofWeakQuorum);
    }
    long ofQuorum = suspicions.ofQuorum(view);
    if (ofQuorum > view) {
      timer.viewLeft();
      moveTo(ofQuorum);
    }
  }

  /**
   * Begins the view that this replica is to lead, once a quorum of VIEW-CHANGEs to it may be shown.
   *
   * @return whether it did
   */
  boolean begin() {
    Optional<NewViewChoice> choice = choice();
    if (choice.isEmpty() || choice.get().shown().size() < quorum.quorum()) {
      return false;
    }
    Signed<NewView> message =
        outbox.sign(new NewView(agreement.view().number(), choice.get().shown()));
    outbox.multicast(message);
    onNewView(message);
    return true;
  }

  /** What there is to begin a view with, while this replica is to do that. */
  private Optional<NewViewChoice> choice() {
    long view = agreement.view().number();
    boolean leads =
        !agreement.view().active()
            && agreement.primary().equals(self)
            && outbox.voice().speaks()
            && outbox.voice().mayVote(view);
    return leads
        ? Optional.of(
            new NewViewChoice(
                latest.values().stream()
                    .filter(viewChange -> viewChange.content().newView() == view)
                    .toList(),
                tree::contains))
        : Optional.empty();
  }

  /** The bodies without which this replica cannot begin its view. */
  List<MissingBlock> missing() {
    return choice().map(NewViewChoice::missing).orElse(List.of());
  }

  /** The tip at which this replica's view would begin now. */
  Optional<BlockId> tip() {
    return choice().flatMap(NewViewChoice::tip);
  }

  /**
   * Enters the view of a valid NEW-VIEW, unless it has been left or entered already. A view that
   * this replica did not wait for may be entered as well: a quorum did.
   */
  void onNewView(Signed<NewView> message) {
    long view = message.content().view();
    if (newView != null
        && newView.signer().equals(message.signer())
        && contradict(newView, message)) {
      outbox.accuse(newView, message);
    }
    if (view < agreement.view().number()
        || (view == agreement.view().number() && agreement.view().active())) {
      return;
    }
    Optional<BlockId> tip = NewViewRules.tip(spec, message);
    if (tip.isPresent()) {
      message.content().viewChanges().forEach(this::accuse);
      agreement.enter(view, tip.get());
      outbox.journal(new JournalRecord.NewViewSeen(ByteString.of(MessageCodec.encode(message))));
      newView = message;
      timer.viewEntered();
    }
  }

  /**
   * A block became final by a commit certificate of {@code commitView}: that view has begun, and
   * the block is a base of it.
   */
  void onCommitted(BlockId block, long commitView) {
    boolean entered = commitView == agreement.view().number() && agreement.view().active();
    if (commitView >= agreement.view().number() && !entered) {
      agreement.enter(commitView, block);
      newView = null;
      timer.viewEntered();
    }
  }

  /** Another replica says that it is in {@code view}, or waits for it, and what it asks for. */
  void onStatus(ReplicaId from, long view, long wantedView) {
    said.merge(from, view, Math::max);
    suspicions.heard(from, wantedView);
    react();
  }

  /**
   * Whether a quorum waits for this view or a later one, or is there, so that a NEW-VIEW is due.
   * STATUS counts like VIEW-CHANGE: a replica that forgot may wait for a view and not sign that
   * (PROTOCOL.md, R11 and R22).
   */
  boolean newViewDue() {
    long there =
        reachedByOthers().stream().filter(view -> view >= agreement.view().number()).count();
    return !agreement.view().active() && 1 + there >= quorum.quorum();
  }

  /** The highest view that a correct one of the others is in or waits for: f+1 say that. */
  long provenView() {
    return Suspicions.highestOf(quorum.weakQuorum(), reachedByOthers());
  }

  private List<Long> reachedByOthers() {
    TreeMap<ReplicaId, Long> reached = new TreeMap<>(said);
    latest.forEach(
        (signer, viewChange) -> reached.merge(signer, viewChange.content().newView(), Math::max));
    reached.remove(self);
    return List.copyOf(reached.values());
  }

  /** Of {@code signer} the VIEW-CHANGE to the highest view. */
  Optional<Signed<ViewChange>> latest(ReplicaId signer) {
    return Optional.ofNullable(latest.get(signer));
  }

  /** What shows that the view is waited for with reason. */
  List<Signed<ViewChange>> latest() {
    return List.copyOf(latest.values());
  }

  /** The NEW-VIEW that justifies the current view. */
  Optional<Signed<NewView>> newView() {
    return Optional.ofNullable(newView);
  }

  /** This replica's VIEW-CHANGE to the view it waits for. */
  Optional<Signed<ViewChange>> ownViewChange() {
    return agreement.view().active()
        ? Optional.empty()
        : latest(self).filter(own -> own.content().newView() == agreement.view().number());
  }

  /** What the journal must hold of how the view began. */
  List<JournalRecord> liveRecords() {
    List<JournalRecord> records =
        new ArrayList<>(suspicions.liveRecords(agreement.view().number()));
    newView()
        .map(message -> new JournalRecord.NewViewSeen(ByteString.of(MessageCodec.encode(message))))
        .ifPresent(records::add);
    return records;
  }
}
