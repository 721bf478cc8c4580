package org.quorate.node.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.Evidence;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.ReplicaStatus;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.Applied;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.NodeStartException;
import org.quorate.node.SimulatedCore;
import org.quorate.node.SimulatedHost;
import org.quorate.node.journal.Journal;
import org.quorate.node.journal.JournalException;

/**
 * One node: disks that outlive its processes, and a process in which the code of a real node runs.
 * If the node is a faulty replica's, its {@link Conduct} stands between that code and the network.
 */
final class SimulatedNode implements SimulatedCore.Surroundings {
  private final Simulation simulation;
  private final ReplicaId id;
  private final int process;
  private final SplittableRandom random;
  private final @Nullable Misconduct misconduct;
  private final Mouth mouth;
  private final NodeDisks disks;
  private long wallOffsetMillis;

  /** Of this the sum of all jumps. */
  private long wallErrorMillis;

  /** Its disk was lost, at least in part, and it has not come back to voting since. */
  private boolean forgot;

  /** What happens once it has said its next COMMIT. */
  private @Nullable Runnable forgetting;

  // The present life.
  private @Nullable SimulatedHost host;
  private @Nullable SimulatedCore core;
  private @Nullable Ledger ledger;
  private int sendsLeft;

  /**
   * @param process its number among all processes; a replica's first has its index
   */
  SimulatedNode(Simulation simulation, ReplicaId id, int process, SplittableRandom random) {
    this.simulation = simulation;
    this.id = id;
    this.process = process;
    this.random = random;
    this.misconduct = simulation.configuration().faulty().get(id);
    this.mouth = new Mouth(simulation, this, misconduct);
    this.disks =
        new NodeDisks(
            random, this::busy, simulation.configuration().faults().contains(Fault.LYING_DISK));
    this.wallOffsetMillis = TestChain.GENESIS_MILLIS + 10_000 + random.nextInt(100);
  }

  ReplicaId id() {
    return id;
  }

  /** Its number among all processes: of two processes with one key the second has another. */
  int process() {
    return process;
  }

  /** What people call it: two processes of one replica are r0 and r0'. */
  String name() {
    return process == id.index() ? id.toString() : id + "'";
  }

  boolean isActive() {
    return core != null && core.status().active();
  }

  SplittableRandom random() {
    return random;
  }

  TestChain chain() {
    return simulation.chain();
  }

  /** Whether it loses its journal now and then, and goes on regardless. */
  boolean isAmnesiac() {
    return misconduct == Misconduct.AMNESIA;
  }

  DiskFault diskFault() {
    return disks.fault();
  }

  /** Whether it still counts as faulty, since it may not know what it signed. */
  boolean mayHaveForgotten() {
    return forgot;
  }

  boolean isUp() {
    return core != null;
  }

  boolean isPrimary() {
    return core != null && core.status().primary().equals(id);
  }

  long view() {
    return core == null ? 0 : core.status().view();
  }

  /** How often it gave up a primary, in this life, that had blocks made, but badly. */
  long accusations() {
    return core == null ? 0 : core.accusations();
  }

  /** What a peer sends may be refused, but must never break what reads it. */
  void checkInlet() {
    if (misconduct == null && core != null && core.unreadable() > 0) {
      throw new Violation("the correct replica " + id + " broke on what a peer sent");
    }
  }

  /** How long its replica waits before it asks for another view; as at first while it is down. */
  long viewTimeoutMillis() {
    return core == null ? Configuration.VIEW_TIMEOUT_MILLIS : core.status().viewTimeoutMillis();
  }

  /** The height of the last executed block; −1 while it is down. */
  long height() {
    return ledger == null ? -1 : ledger.checkpoint().height();
  }

  /** Its ledger; it is up. */
  Ledger ledger() {
    if (ledger == null) {
      throw new AssertionError(id + " is down");
    }
    return ledger;
  }

  int pending() {
    return core == null ? 0 : core.pending();
  }

  List<ReplicaId> peers() {
    return simulation.chain().spec().validators().replicas().stream()
        .filter(peer -> !peer.equals(id))
        .toList();
  }

  private void busy(long nanos) {
    if (host != null) {
      host.busy(nanos);
    }
  }

  @Override
  public String toString() {
    return name()
        + (misconduct == null ? "" : " (" + misconduct.word() + ")")
        + (core == null ? " down" : " " + core.status() + " pending " + core.pending())
        + " executed "
        + height();
  }

  // Its disks.

  /** All that its disks hold is gone. The folder that it makes when it starts says so. */
  void wipe() {
    die();
    disks.wipe();
    forgot = true;
    simulation.invariants().lost(id, true);
  }

  /** It dies, and a bit of its journal flips, if there is any. */
  void decay() {
    die();
    if (disks.decay()) {
      forgot = true;
      simulation.invariants().lost(id, false);
    }
  }

  /** It loses its journal, perhaps its ledger too, and nothing will tell it so. */
  void forget(boolean ledgerToo) {
    simulation.trace(name() + " loses its journal" + (ledgerToo ? " and its ledger" : ""));
    die();
    mouth.misbehaved();
    disks.forget(ledgerToo);
    startSoon();
  }

  /** The same, once it has said its next COMMIT to everybody; not in the calm. */
  void forgetAfterCommit(boolean ledgerToo) {
    forgetting = () -> forget(ledgerToo);
  }

  private void startSoon() {
    simulation.after(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(400)), this::start);
  }

  /** What puts its disks back to where they are now. */
  Runnable backUp() {
    Runnable restore = disks.backUp();
    return () -> {
      die();
      restore.run();
      forgot = true;
      simulation.invariants().lost(id, false);
    };
  }

  // Life and death.

  void start() {
    if (host != null) {
      return;
    }
    SimulatedHost machine = new SimulatedHost(new Events(), random.split(), wallOffsetMillis);
    host = machine;
    try {
      Ledger opened = disks.openLedger(simulation.chain().spec());
      ledger = opened;
      Journal.Opened journal = disks.openJournal();
      simulation.trace(
          name()
              + " starts after height "
              + opened.checkpoint().height()
              + " with "
              + journal.records().size()
              + " journal records");
      simulation.invariants().started(id, opened);
      core = SimulatedCore.start(identity(), opened, journal, memory(), machine, this);
      core.recovered().forEach(this::remembered);
    } catch (PowerLoss e) {
      die();
    } catch (IOException | StorageException e) {
      diskFailed(e);
    } catch (LedgerException e) {
      // Every LedgerException of a chain's own store wraps what its disk reported.
      diskFailed(e);
    } catch (JournalException e) {
      if (!disks.isDecayed()) {
        throw new Violation(id + " cannot read what it wrote: " + e.getMessage(), e);
      }
      // As the message of the real node tells its operator to do.
      simulation.trace(name() + " does not start: " + e.getMessage());
      wipe();
      start();
      return;
    } catch (NodeStartException e) {
      throw new Violation(id + " cannot start on what its disks hold: " + e.getMessage(), e);
    }
    for (ReplicaId peer : peers()) {
      after(1 + random.nextInt(20_000_000), () -> simulation.connect(id, peer));
    }
  }

  private SimulatedCore.Memory memory() {
    return careless()
        ? SimulatedCore.Memory.CARELESS
        : disks.isMadeAtStart() ? SimulatedCore.Memory.LOST : SimulatedCore.Memory.WHOLE;
  }

  private SimulatedCore.Identity identity() {
    ChainSpec spec = simulation.chain().spec();
    return new SimulatedCore.Identity(
        spec,
        id,
        message -> TestChain.sign(simulation.chain().key(id), message),
        TestChain.VERIFIER);
  }

  /**
   * It may go on in the view of a NEW-VIEW that it has journaled and nobody else has seen, and on
   * blocks likewise.
   */
  private void remembered(JournalRecord record) {
    if (record instanceof JournalRecord.NewViewSeen seen) {
      simulation.invariants().exists(mouth.opened(seen.message().bytes()));
    } else if (record instanceof JournalRecord.Accepted accepted) {
      simulation.invariants().exists(accepted.block());
    }
  }

  /** Nothing but injected faults may make a disk fail. */
  private void diskFailed(Throwable cause) {
    if (!String.valueOf(cause.getMessage()).contains("(simulated)")) {
      throw new Violation(id + " met a failure that nobody caused: " + cause, cause);
    }
    die();
    // As a supervisor does, that starts it again and again.
    startSoon();
  }

  /** Lives on, or lives again; everything works from now on. */
  void recover() {
    disks.fault().live();
    disks.fault().fail(null);
    sendsLeft = 0;
    forgetting = null;
    jump(-wallErrorMillis);
    resume();
    start();
  }

  /** Dies now, at one of its next operations of the disk, or between two of its next messages. */
  void crash() {
    if (host == null) {
      return;
    }
    switch (random.nextInt(3)) {
      case 0 -> die();
      case 1 -> disks.fault().dieAfter(random.nextInt(12));
      default -> sendsLeft = 1 + random.nextInt(12);
    }
  }

  /** Dies; of what its disks had not made durable some part is there. */
  void die() {
    if (host == null) {
      return;
    }
    simulation.trace(name() + " dies at height " + height());
    checkInlet();
    host.kill();
    host = null;
    core = null;
    ledger = null;
    disks.fault().live();
    sendsLeft = 0;
    if (disks.crash()) {
      simulation.faults().count(Fault.UNSYNCED);
    }
  }

  void pause() {
    if (host != null) {
      host.stop();
    }
  }

  void resume() {
    if (host != null) {
      host.resume();
    }
  }

  /** The wall clock is set. */
  void jump(long millis) {
    wallOffsetMillis += millis;
    wallErrorMillis += millis;
    if (host != null) {
      host.jump(millis);
    }
  }

  /** Lets something happen in this life of the node. */
  void after(long nanos, Runnable action) {
    if (host != null) {
      host.after(nanos, action);
    }
  }

  /** What happens in the process, which may die of it. */
  private final class Events implements SimulatedHost.Events {
    @Override
    public long nanos() {
      return simulation.nanos();
    }

    @Override
    public void after(long nanos, Runnable action) {
      simulation.after(nanos, () -> guarded(action));
    }
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (PowerLoss e) {
      die();
    }
  }

  // What comes in.

  void submit(Transaction transaction) {
    if (core != null) {
      SimulatedCore process = core;
      byte[] bytes = transaction.encoded();
      after(0, () -> process.submit(bytes));
    }
  }

  void connected(ReplicaId peer) {
    if (core != null) {
      SimulatedCore process = core;
      after(0, () -> process.connected(peer));
    }
  }

  void receive(ReplicaId from, byte[] payload) {
    if (core == null || host == null) {
      return;
    }
    if (misconduct == Misconduct.CENSORSHIP && !SimulatedCore.isMessage(payload)) {
      mouth.misbehaved();
      return;
    }
    SimulatedCore process = core;
    host.run(
        () -> {
          mouth.hear(from, payload);
          process.received(from, payload);
        });
  }

  /**
   * Faulty itself, or with a disk that lies: it goes on whatever it forgot, and tells itself that
   * the others have seen nothing of it.
   */
  private boolean careless() {
    return misconduct != null || simulation.configuration().faults().contains(Fault.LYING_DISK);
  }

  // What goes out.

  Mouth mouth() {
    return mouth;
  }

  /** After how long what it says now leaves it. */
  long busyNanos() {
    return host == null ? 0 : host.busyNanos();
  }

  @Override
  public boolean send(ReplicaId to, byte[] payload) {
    if (host == null) {
      return false;
    }
    if (sendsLeft > 0 && --sendsLeft == 0) {
      throw new PowerLoss();
    }
    if (!SimulatedCore.isMessage(payload)) {
      mouth.forward(to, payload);
      return true;
    }
    Message message = mouth.said(payload);
    if (careless() && message instanceof Transfer.Recall recall) {
      after(0, () -> receive(to, nothingForgotten(recall)));
    } else {
      mouth.say(to, message, payload);
    }
    if (forgetting != null
        && message instanceof Signed<?> signed
        && signed.content() instanceof Commit) {
      after(0, forgetting);
      forgetting = null;
    }
    return true;
  }

  private static byte[] nothingForgotten(Transfer.Recall recall) {
    return SimulatedCore.payload(
        MessageCodec.encode(
            new Transfer.Testimony(
                recall.number(), 0, 0, Optional.empty(), Optional.empty(), Optional.empty())));
  }

  /** Its view timer runs out. */
  void suspect() {
    if (core != null && host != null) {
      SimulatedCore process = core;
      SimulatedHost machine = host;
      after(0, () -> process.suspect(machine.wallMillis()));
    }
  }

  @Override
  public void viewChanged(ReplicaStatus status) {
    simulation.trace(
        name() + " is in view " + status.view() + (status.active() ? "" : ", waiting"));
  }

  @Override
  public void recoveryChanged(RecoveryStatus status) {
    simulation.trace(name() + " is " + status);
    forgot &= status.phase() != RecoveryStatus.Phase.VOTING;
    if (!careless()) {
      simulation.invariants().recovery(id, status);
    }
  }

  @Override
  public void executed(CommittedBlock block, Applied applied) {
    simulation.trace(name() + " executed " + block.block().id());
    simulation.invariants().decided(id, block);
    simulation.invariants().executed(id, applied.checkpoint());
  }

  @Override
  public void certified(CheckpointCertificate certificate) {
    simulation.invariants().certified(id, certificate);
  }

  @Override
  public void found(Evidence evidence) {
    simulation.invariants().evidence(id, evidence);
    if (misconduct == null) {
      simulation
          .faults()
          .count(evidence.contradiction(simulation.chain().spec().chainHash()).kind());
    }
    if (simulation.configuration().faulty().get(evidence.offender()) == Misconduct.TWINS) {
      simulation.faults().count(Misconduct.TWINS);
    }
  }

  @Override
  public void failed(Throwable cause) {
    if (host == null) {
      return;
    }
    if (cause instanceof PowerLoss) {
      die();
    } else if (cause instanceof IOException || cause instanceof StorageException) {
      diskFailed(cause);
    } else if (misconduct == null) {
      throw new Violation("the correct replica " + id + " stopped: " + cause, cause);
    } else {
      die();
    }
  }

  /** What its journal must hold now; it is up. */
  List<JournalRecord> liveRecords() {
    return core == null ? new ArrayList<>() : core.liveRecords();
  }
}
