package org.quorate.node;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.quorate.consensus.ForkError;
import org.quorate.consensus.Input;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.Output;
import org.quorate.consensus.ProposalSlot;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.Replica;
import org.quorate.consensus.ReplicaStatus;
import org.quorate.consensus.Timer;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.mempool.BatchBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the one thread does that owns the replica. Each turn takes many inputs, joins what the
 * replica asks for, and has {@link Effects} do it with one sync. Nothing of another thread ever
 * waits for it.
 *
 * <p>When the journal fails or an invariant breaks, the replica may have said, or be about to say,
 * what it will not remember. Then this turn is the last one, no further step is taken, and {@code
 * onFailure} is told.
 */
final class ReplicaRunner implements Turns {
  private static final Logger log = LoggerFactory.getLogger(ReplicaRunner.class);

  private final Replica replica;
  private final Inbox inbox;
  private final Effects effects;
  private final BatchBuilder batches;
  private final SlowStart slowStart;
  private final PrimaryWatch watch;
  private final BooleanSupplier transactionsPending;
  private final NodeMetrics metrics;
  private final Clock clock;
  private final Consumer<ReplicaStatus> onViewChanged;
  private final Consumer<RecoveryStatus> onRecoveryChanged;
  private final Consumer<Throwable> onFailure;
  private final Timers timers = new Timers();
  private final InFlight inFlight = new InFlight();

  private final long instance;

  private boolean begun;
  private boolean toldPending;
  private volatile boolean stopping;
  private volatile ReplicaStatus status;

  /**
   * @param replica not used by anybody else from now on
   * @param slowStart bounds the blocks that this replica proposes
   * @param watch finds what the view timer does not
   * @param transactionsPending whether the mempool holds anything
   * @param instance see {@link Input.Start}
   * @param observer hears of changes of view, and of the end by a failure
   */
  ReplicaRunner(
      Replica replica,
      Inbox inbox,
      Effects effects,
      BatchBuilder batches,
      SlowStart slowStart,
      PrimaryWatch watch,
      BooleanSupplier transactionsPending,
      NodeMetrics metrics,
      Clock clock,
      long instance,
      Observer observer) {
    this.replica = replica;
    this.inbox = inbox;
    this.effects = effects;
    this.batches = batches;
    this.slowStart = slowStart;
    this.watch = watch;
    this.transactionsPending = transactionsPending;
    this.metrics = metrics;
    this.clock = clock;
    this.instance = instance;
    this.onViewChanged = observer::viewChanged;
    this.onRecoveryChanged = observer::recoveryChanged;
    this.onFailure = observer::failed;
    this.status = replica.status();
  }

  /** Hears from the replica's thread; must not block. */
  interface Observer {
    /** The replica is in another view, or entered it. */
    void viewChanged(ReplicaStatus status);

    /** Whether the replica may vote, as far as its memory goes, has changed; or it begins. */
    void recoveryChanged(RecoveryStatus status);

    /** The replica has ended for good. */
    void failed(Throwable cause);
  }

  /** Where the replica stood after its last turn. Any thread may ask. */
  ReplicaStatus status() {
    return status;
  }

  /** Makes the present turn, or the next if there is none, the last. Any thread may ask. */
  void stop() {
    stopping = true;
  }

  /** All that the journal must hold now. Between turns only. */
  List<JournalRecord> liveRecords() {
    return replica.liveRecords();
  }

  @Override
  public long turn() {
    if (stopping) {
      return END;
    }
    try {
      if (begun) {
        turn(inbox.take());
      } else {
        begun = true;
        watch.viewChanged(status, clock.nanos());
        metrics.viewWanted(status.wantedView());
        onViewChanged.accept(status);
        onRecoveryChanged.accept(status.recovery());
        turn(List.of(new Input.Start(instance)));
      }
      if (effects.journalGrown()) {
        effects.rewriteJournal(liveRecords());
      }
      return inbox.isEmpty() ? untilNextNanos() : 0;
    } catch (IOException | RuntimeException | Error e) {
      log.error("the replica has stopped and will not vote again", e);
      onFailure.accept(e);
      return END;
    }
  }

  private void turn(List<Input> inputs) throws IOException {
    JoinedOutput joined = new JoinedOutput();
    try {
      take(inputs, joined);
    } catch (ForkError fork) {
      effects.forked(fork, joined);
      throw fork;
    }
    effects.perform(joined);
    observe();
  }

  private void take(List<Input> inputs, JoinedOutput joined) {
    watch
        .suspicion(status, inFlight, clock.nanos())
        .filter(suspicion -> mayAsk())
        .ifPresent(suspicion -> suspect(suspicion, joined));
    for (Input input : inputs) {
      step(input, joined);
    }
    tellPending(joined);
    for (Timer timer : timers.takeDue(clock.nanos())) {
      long wantedView = replica.status().wantedView();
      step(new Input.TimerFired(timer, clock.wallMillis()), joined);
      if (timer == Timer.VIEW && replica.status().wantedView() > wantedView) {
        metrics.suspected(Suspicion.TIMEOUT.word());
      }
    }
    observe();
    propose(joined);
  }

  /** Whether it makes a difference: it has not asked already, and is not silent since it forgot. */
  private boolean mayAsk() {
    return !status.suspects() && status.recovery().phase() == RecoveryStatus.Phase.VOTING;
  }

  private void suspect(Suspicion suspicion, JoinedOutput joined) {
    log.warn("primary {} of view {}: {}", status.primary(), status.view(), suspicion.word());
    metrics.suspected(suspicion.word());
    step(new Input.Suspected(status.view()), joined);
  }

  private void step(Input input, JoinedOutput joined) {
    if (input instanceof Input.Executed executed) {
      inFlight.executed(executed.checkpoint().height());
    }
    Output output = replica.step(input);
    long now = clock.nanos();
    output.timers().forEach(setting -> timers.set(setting, now));
    for (JournalRecord record : output.journal()) {
      if (record instanceof JournalRecord.Accepted accepted) {
        inFlight.accepted(accepted.block(), now);
      }
    }
    output.decided().forEach(block -> measure(block, now));
    joined.add(output);
  }

  private void measure(CommittedBlock decided, long nowNanos) {
    watch.decided(decided.block(), inFlight, nowNanos);
    if (inFlight.contains(decided.block())) {
      long age = inFlight.ageNanos(decided.block(), nowNanos);
      metrics.blockCommitted(age / 1e9);
      if (replica.status().primary().equals(decided.block().header().proposer())) {
        slowStart.decided(decided.block().transactions().size(), age);
      }
    } else {
      metrics.blocksFetched(1);
    }
  }

  private void tellPending(JoinedOutput joined) {
    boolean pending = transactionsPending.getAsBoolean();
    if (pending != toldPending) {
      toldPending = pending;
      step(new Input.TransactionsPending(pending), joined);
    }
  }

  private void propose(JoinedOutput joined) {
    Optional<ProposalSlot> slot = replica.proposalSlot();
    for (int i = 0; i < RunnerLimits.TURN_PROPOSALS_MAX && slot.isPresent(); i++) {
      List<Transaction> batch =
          batches.take(slot.get().inFlight(), inFlight.transactions(), slowStart.limit());
      if (batch.isEmpty()) {
        return;
      }
      step(new Input.Proposal(slot.get(), batch, clock.wallMillis()), joined);
      Optional<ProposalSlot> next = replica.proposalSlot();
      if (next.equals(slot)) {
        return; // all of it stands in the chain already
      }
      slot = next;
    }
  }

  private void observe() {
    ReplicaStatus now = replica.status();
    ReplicaStatus before = status;
    status = now;
    if (now.view() != before.view() || now.active() != before.active()) {
      if (now.view() != before.view()) {
        inFlight.clear();
        slowStart.restart();
      }
      if (!now.active()) {
        metrics.viewChangeStarted();
      }
      log.info(
          "view {} {}: primary {}", now.view(), now.active() ? "active" : "awaited", now.primary());
      watch.viewChanged(now, clock.nanos());
      onViewChanged.accept(now);
    }
    if (now.wantedView() != before.wantedView()) {
      metrics.viewWanted(now.wantedView());
    }
    if (now.suspects() && now.wantedView() > before.wantedView()) {
      log.info("asks for view {} instead of {}", now.wantedView(), now.view());
    }
    if (!now.recovery().equals(before.recovery())) {
      onRecoveryChanged.accept(now.recovery());
    }
    if (now.stableHeight() != before.stableHeight()) {
      metrics.checkpointStable(now.stableHeight());
    }
  }

  private long untilNextNanos() {
    long now = clock.nanos();
    long timer = Math.min(timers.untilNextNanos(now), watch.untilLookNanos(now));
    Optional<ProposalSlot> slot = replica.proposalSlot();
    if (slot.isEmpty()) {
      return timer;
    }
    long batch = batches.waitMillis(slot.get().inFlight(), inFlight.transactions().size());
    // 0 is not "now": then a block was due in the turn before, and there was nothing to propose.
    return batch == 0 ? timer : Math.min(timer, TimeUnit.MILLISECONDS.toNanos(batch));
  }
}
