package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.Authenticated;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.RejectedException;
import org.quorate.consensus.message.Signable;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.CommittedBlocks;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CommittedBlock;

/**
 * A PBFT replica over a hash-linked chain: a deterministic state machine. The same inputs give the
 * same outputs; what happens in between touches no clock, disk or network. It routes; each rule of
 * the protocol is a collaborator of its own (PROTOCOL.md).
 *
 * <p>Owned by one thread. An {@link AssertionError} from any method means that an invariant is
 * broken, by damage or by more than f faulty validators: the driver must stop and never step again.
 * A {@link ForkError} says what proves the latter, which is to be kept.
 */
public final class Replica {
  /** An idle replica says where it stands every so many ticks. */
  private static final int IDLE_TICKS = 8;

  /** STATUS ticks in one base view timeout. */
  private static final int TICKS_PER_TIMEOUT = 4;

  private final ReplicaId self;
  private final Outbox outbox;
  private final BlockTree tree;
  private final CheckpointTracker checkpoints;
  private final Agreement agreement;
  private final Finality finality;
  private final ViewTimer viewTimer;
  private final ViewChanger viewChanger;
  private final CatchUp catchUp;
  private final BodyFetch bodyFetch;
  private final AnswerAllowance allowance;
  private final Retransmission retransmission;
  private final Witness witness;
  private final Recovery recovery;
  private final long tickMillis;
  private final int treeBlocksMax;

  private boolean transactionsPending;
  private long ticks;
  private long nowMillis;

  /**
   * A replica that begins, or goes on where it stopped.
   *
   * @param tip the end of the chain that is stored here
   * @param recovered what its journal holds, oldest first
   */
  public Replica(
      ChainSpec spec,
      ReplicaId self,
      MessageAuthenticator authenticator,
      ChainTip tip,
      List<JournalRecord> recovered) {
    int windowBlocks = spec.parameters().windowBlocks();
    this.self = self;
    this.tree = new BlockTree(tip);
    JournalReplay past = new JournalReplay(spec, tip, recovered, tree);
    this.outbox = new Outbox(authenticator, new Voice(past));
    this.checkpoints = new CheckpointTracker(spec, outbox, tip);
    this.agreement = new Agreement(spec, self, outbox, tree, checkpoints, past);
    this.finality = new Finality(tree, outbox, windowBlocks);
    this.viewTimer = new ViewTimer(spec.parameters().viewTimeoutMillis(), outbox);
    this.viewChanger =
        new ViewChanger(
            spec,
            self,
            outbox,
            tree,
            agreement,
            checkpoints,
            viewTimer,
            new Suspicions(spec.validators().quorum(), outbox, past),
            past.newView().map(bytes -> reopen(authenticator, bytes)).orElse(null));
    this.catchUp =
        new CatchUp(
            tree,
            checkpoints,
            finality,
            outbox,
            new PeerRotation(spec.validators(), self),
            new LostBlocks(new PeerRotation(spec.validators(), self)),
            windowBlocks);
    this.allowance = new AnswerAllowance();
    this.bodyFetch =
        new BodyFetch(
            self,
            tree,
            outbox,
            new PeerRotation(spec.validators(), self),
            allowance,
            2 * windowBlocks);
    this.retransmission =
        new Retransmission(self, outbox, tree, checkpoints, agreement, viewChanger, allowance);
    this.witness = new Witness(windowBlocks, outbox, agreement, viewChanger);
    this.recovery = new Recovery(spec, self, outbox, agreement, viewChanger, checkpoints);
    this.tickMillis = Math.max(1, spec.parameters().viewTimeoutMillis() / TICKS_PER_TIMEOUT);
    this.treeBlocksMax = 4 * windowBlocks;
    forgetBelowWatermark(); // the journal remembers longer
  }

  @SuppressWarnings("unchecked") // the content was just seen to be a NEW-VIEW
  private @Nullable Signed<NewView> reopen(MessageAuthenticator authenticator, ByteString bytes) {
    try {
      return authenticator.open(self, bytes.bytes()).message() instanceof Signed<?> signed
              && signed.content() instanceof NewView
          ? (Signed<NewView>) signed
          : null;
    } catch (RejectedException e) {
      throw new AssertionError("the journal holds a NEW-VIEW that is not valid", e);
    }
  }

  /** Takes one input. What is to be done about it, and in what order, {@link Output} says. */
  public Output step(Input input) {
    long view = agreement.view().number();
    boolean active = agreement.view().active();
    long askedFor = viewChanger.askedFor();
    handle(input);
    settle();
    boolean entered = agreement.view().active() && (agreement.view().number() > view || !active);
    // Votes of the view may have come before this replica was in it.
    if (entered || viewChanger.askedFor() > askedFor) {
      outbox.multicast(retransmission.status());
    }
    if (outbox.journals()) {
      outbox.journalFirst(finality.takeUnrecorded());
    }
    return outbox.take();
  }

  private void handle(Input input) {
    if (input instanceof Input.Start start) {
      start(start.instance());
    } else if (input instanceof Input.Received received) {
      nowMillis = received.nowMillis();
      receive(received.message());
    } else if (input instanceof Input.Connected connected) {
      outbox.send(connected.peer(), retransmission.status());
      catchUp.onConnected(connected.peer());
      recovery.connected(connected.peer());
    } else if (input instanceof Input.Rejected rejected) {
      catchUp.onRejected(rejected.from());
    } else if (input instanceof Input.TimerFired fired) {
      nowMillis = fired.nowMillis();
      fire(fired.timer());
    } else if (input instanceof Input.Suspected suspected) {
      suspect(suspected.view());
    } else if (input instanceof Input.Lost lost) {
      catchUp.onLost(lost.height());
    } else if (input instanceof Input.TransactionsPending pending) {
      transactionsPending = pending.pending();
    } else if (input instanceof Input.Proposal proposal) {
      nowMillis = proposal.nowMillis();
      agreement.propose(proposal.slot(), proposal.transactions(), nowMillis);
    } else if (input instanceof Input.Executed executed) {
      finality.executed(executed.checkpoint().height());
      checkpoints.executed(executed.checkpoint());
      catchUp.pull();
    }
  }

  private void start(long instance) {
    outbox.start(Timer.STATUS, tickMillis);
    checkpoints.announceAgain();
    outbox.multicast(retransmission.status());
    recovery.start(instance);
  }

  /** The memory of this replica is whole, or what it lacks can do no harm any more. */
  private void speak() {
    agreement.announceAgain();
    viewChanger.announceAgain();
    viewChanger.react();
  }

  private void fire(Timer timer) {
    switch (timer) {
      case VIEW -> {
        viewTimer.fired();
        if (progressExpected()) {
          viewChanger.suspect();
        }
      }
      case STATUS -> {
        outbox.start(Timer.STATUS, tickMillis);
        ticks++;
        retransmission.tick();
        allowance.tick();
        witness.tick();
        recovery.tick();
        catchUp.tick();
        bodyFetch.tick();
        if (unfinished() || ticks % IDLE_TICKS == 0) {
          outbox.multicast(retransmission.status());
        }
      }
    }
  }

  private void suspect(long view) {
    if (agreement.view().active() && agreement.view().number() == view) {
      viewChanger.suspect();
    }
  }

  private boolean unfinished() {
    return transactionsPending
        || !agreement.view().active()
        || agreement.view().unfinished()
        || finality.waiting();
  }

  private boolean progressExpected() {
    if (viewChanger.wantedView() > agreement.view().number()) {
      return false; // it has asked for another view already
    }
    return agreement.view().active()
        ? transactionsPending || agreement.view().unfinished()
        : viewChanger.newViewDue();
  }

  private void receive(Authenticated authenticated) {
    Message message = authenticated.message();
    if (message instanceof Signed<?> signed) {
      receive(signed);
    } else if (message instanceof Transfer transfer) {
      receive(authenticated.from(), transfer);
    }
  }

  @SuppressWarnings("unchecked") // a Signed is of the type of its content
  private void receive(Signed<?> signed) {
    recovery.saw(signed);
    if (signed.signer().equals(self)) {
      return; // this replica knows what it said, or may never say it again
    }
    witness.saw(signed);
    Signable content = signed.content();
    if (content instanceof PrePrepare) {
      agreement.onPrePrepare((Signed<PrePrepare>) signed);
    } else if (content instanceof Prepare prepare) {
      agreement.onVote(prepare.vote(), signed);
    } else if (content instanceof Commit commit) {
      agreement.onVote(commit.vote(), signed);
    } else if (content instanceof CheckpointVote) {
      checkpoints.add((Signed<CheckpointVote>) signed);
    } else if (content instanceof ViewChange) {
      viewChanger.onViewChange((Signed<ViewChange>) signed);
    } else if (content instanceof NewView) {
      viewChanger.onNewView((Signed<NewView>) signed);
    }
  }

  private void receive(ReplicaId from, Transfer transfer) {
    if (transfer instanceof Transfer.Status status) {
      retransmission.answer(from, status);
      catchUp.onStatus(from, status.committed());
      viewChanger.onStatus(from, status.view(), status.wantedView());
    } else if (transfer instanceof Transfer.StableCheckpoint stable) {
      checkpoints.certified(stable.certificate());
    } else if (transfer instanceof Transfer.FetchCommitted fetch) {
      outbox.want(from, fetch.fromHeight(), fetch.toHeight());
      retransmission.addToBlocks(from, new BlockRange(fetch.fromHeight(), fetch.toHeight()));
    } else if (transfer instanceof Transfer.CommittedBlocks committed) {
      committed.items().forEach(item -> recovery.saw(item.block().commit()));
      catchUp.onAnswer(from, committed.items());
      takeFetched();
      catchUp.pull();
    } else if (transfer instanceof Transfer.FetchProposed fetch) {
      bodyFetch.onFetchProposed(from, fetch);
    } else if (transfer instanceof Transfer.ProposedBlocks proposed) {
      bodyFetch.onProposedBlocks(from, proposed);
    } else if (transfer instanceof Transfer.Recall recall) {
      witness.answer(from, recall.number());
    } else if (transfer instanceof Transfer.Testimony testimony) {
      recovery.onTestimony(from, testimony);
    }
  }

  /** Decides the fetched blocks that follow the root. */
  private void takeFetched() {
    for (Optional<CommittedBlocks.Item> next = catchUp.next();
        next.isPresent();
        next = catchUp.next()) {
      finality.add(next.get().block());
      decide();
      next.get().checkpoint().ifPresent(checkpoints::certified);
    }
  }

  /** Lets every rule act on what the others found. */
  private void settle() {
    if (recovery.settle()) {
      speak();
    }
    agree();
    boolean termOver = agreement.termOver();
    if (termOver) {
      viewChanger.rotate();
    }
    if (viewChanger.begin() || termOver) {
      agree();
    }
    dropBranches();
    if (bodyFetch.want(missing())) {
      viewChanger.begin();
      agree();
    }
    viewTimer.expect(progressExpected());
  }

  private void dropBranches() {
    if (tree.size() > treeBlocksMax) {
      List<BlockId> tips = new ArrayList<>(agreement.liveTips());
      viewChanger.tip().ifPresent(tips::add);
      tree.dropBranches(tips, agreement.view().number());
    }
  }

  private List<MissingBlock> missing() {
    return agreement.missing().map(List::of).orElseGet(viewChanger::missing);
  }

  /** Votes and decides until nothing more follows. */
  private void agree() {
    do {
      takeFetched();
      forgetBelowWatermark();
      agreement.advance(nowMillis);
      agreement.takeCommitted().forEach(finality::add);
    } while (decide() || agreement.hasMore());
  }

  private void forgetBelowWatermark() {
    agreement.forgetBelowWatermark();
    tree.forgetBelow(checkpoints.stableHeight());
  }

  /** Decides what can be decided; whether there was anything. */
  private boolean decide() {
    boolean any = false;
    for (Optional<CommittedBlock> next = finality.decideNext();
        next.isPresent();
        next = finality.decideNext()) {
      long commitView = next.get().commit().vote().view();
      agreement.checkFinal(next.get().block().id(), commitView);
      viewChanger.onCommitted(next.get().block().id(), commitView);
      agreement.view().finalized(next.get().block().id(), commitView);
      viewTimer.progressed();
      any = true;
    }
    return any;
  }

  /**
   * The place in the chain that this replica, as primary, may fill now. Asked after each step,
   * answered by {@link Input.Proposal} or not at all.
   */
  public Optional<ProposalSlot> proposalSlot() {
    return agreement.proposalSlot();
  }

  /** All that the journal must hold, in order: it may be rewritten with these records alone. */
  public List<JournalRecord> liveRecords() {
    List<JournalRecord> records = new ArrayList<>();
    records.add(agreement.view().liveBeginning());
    records.addAll(outbox.voice().liveRecords());
    records.addAll(viewChanger.liveRecords());
    finality.unexecuted().forEach(block -> records.add(new JournalRecord.Accepted(block)));
    tree.blocks().forEach(block -> records.add(new JournalRecord.Accepted(block)));
    records.addAll(agreement.view().liveVotes());
    records.addAll(agreement.livePrepared());
    return records;
  }

  /** Where it stands. */
  public ReplicaStatus status() {
    return new ReplicaStatus(
        agreement.view().number(),
        agreement.primary(),
        agreement.view().active(),
        viewChanger.wantedView(),
        viewTimer.timeoutMillis(),
        tree.root(),
        checkpoints.stableHeight(),
        outbox.voice().status());
  }
}
