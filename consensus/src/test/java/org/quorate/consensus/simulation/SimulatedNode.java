package org.quorate.consensus.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.Input;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.Outgoing;
import org.quorate.consensus.Output;
import org.quorate.consensus.ProposalSlot;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.Replica;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.TestLedger;
import org.quorate.consensus.Timer;
import org.quorate.consensus.TimerSetting;
import org.quorate.consensus.message.Authenticated;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.RejectedException;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedBlock;

/**
 * The driver of one replica, as a node is: makes each output's journal durable, then sends, then
 * executes, and may die between any two of these. Its disk is what a restart begins with.
 */
final class SimulatedNode {
  private static final int SYNC_MAX_MILLIS = 3;
  private static final int EXECUTION_MAX_MILLIS = 6;

  /** One in so many syncs rewrites the journal. */
  private static final int REWRITE_ODDS = 12;

  private static final byte TESTIMONY = 0x17;

  private final Simulation simulation;
  private final ReplicaId id;
  private final SplittableRandom random;
  private final MessageAuthenticator authenticator;
  private final Conduct conduct;
  private final long skewMillis;

  // The disk.
  private final TestLedger ledger;
  private final List<byte[]> journal = new ArrayList<>();

  // The process.
  private @Nullable Replica replica;
  private int life;
  private boolean dieAtNextSync;
  private boolean syncing;
  private boolean executing;
  private SimulatedMempool mempool = new SimulatedMempool();
  private List<Output> unsynced = new ArrayList<>();
  private final ArrayDeque<CommittedBlock> decided = new ArrayDeque<>();
  private final EnumMap<Timer, Integer> timers = new EnumMap<>(Timer.class);

  SimulatedNode(Simulation simulation, ReplicaId id, SplittableRandom random) {
    this.simulation = simulation;
    this.id = id;
    this.random = random;
    this.ledger = new TestLedger(simulation.chain());
    this.authenticator = simulation.chain().authenticator(id);
    Misconduct misconduct = simulation.configuration().faulty().get(id);
    this.conduct =
        misconduct == null
            ? this::transmit
            : misconduct.conduct(this, simulation.chain().authenticator(id));
    this.skewMillis = random.nextInt(100);
  }

  ReplicaId id() {
    return id;
  }

  TestLedger ledger() {
    return ledger;
  }

  boolean isUp() {
    return replica != null;
  }

  boolean isIdle() {
    return mempool.isEmpty() && decided.isEmpty() && unsynced.isEmpty();
  }

  boolean isPrimary() {
    return replica != null && replica.status().primary().equals(id);
  }

  List<ReplicaId> peers() {
    return simulation.chain().spec().validators().replicas().stream()
        .filter(peer -> !peer.equals(id))
        .toList();
  }

  @Override
  public String toString() {
    return id
        + (replica == null ? " down" : " " + replica.status())
        + " executed "
        + ledger.height();
  }

  private long wallClock() {
    return TestChain.GENESIS_MILLIS + 10_000 + skewMillis + simulation.now();
  }

  /** Runs later, unless this process has died by then. */
  private void after(long delayMillis, Runnable action) {
    int thisLife = life;
    simulation.after(
        delayMillis,
        () -> {
          if (life == thisLife && replica != null) {
            action.run();
          }
        });
  }

  // Life and death.

  void start() {
    if (replica != null) {
      return;
    }
    simulation.trace(id + " starts after height " + ledger.height());
    simulation
        .invariants()
        .started(id, ledger.height() == 0 ? null : ledger.block(ledger.height()));
    replica = new Replica(simulation.chain().spec(), id, authenticator, ledger.tip(), recovered());
    step(new Input.Start((long) life << 20));
    for (ReplicaId peer : peers()) {
      after(1 + random.nextInt(20), () -> simulation.connect(id, peer));
    }
  }

  private List<JournalRecord> recovered() {
    List<JournalRecord> records = new ArrayList<>();
    for (byte[] written : journal) {
      try {
        records.add(Decoder.decode(written, JournalRecord::decode));
      } catch (MalformedException e) {
        throw new Violation("the journal does not read back", e);
      }
    }
    if (careless()) {
      records.removeIf(written -> written instanceof JournalRecord.Forgot);
    }
    return records;
  }

  /** Lives on, or lives again. */
  void recover() {
    dieAtNextSync = false;
    start();
  }

  /** Dies now, or in the middle of the next sync. */
  void crash() {
    if (replica != null && random.nextBoolean()) {
      dieAtNextSync = true;
    } else {
      die();
    }
  }

  /** Dies; of what was being written to the journal some part, from the front, is there. */
  void die() {
    if (replica == null) {
      return;
    }
    List<JournalRecord> written = unsynced.stream().flatMap(o -> o.journal().stream()).toList();
    write(written.subList(0, random.nextInt(written.size() + 1)));
    forget();
    simulation.trace(id + " dies with " + written.size() + " records under way");
    replica = null;
    life++;
    dieAtNextSync = false;
    syncing = false;
    executing = false;
    mempool = new SimulatedMempool();
    unsynced = new ArrayList<>();
    decided.clear();
    timers.clear();
    ledger.crash(random);
  }

  private void forget() {
    List<JournalRecord> kept = new ArrayList<>(recovered());
    if (kept.removeIf(simulation.configuration().amnesia()::forgets)) {
      journal.clear();
      write(kept);
    }
  }

  private void write(List<JournalRecord> records) {
    records.forEach(written -> journal.add(written.encoded()));
  }

  // What comes in.

  void submit(Transaction transaction) {
    if (replica == null || !ledger.isFresh(transaction)) {
      return;
    }
    boolean first = mempool.isEmpty();
    if (mempool.add(transaction)) {
      for (ReplicaId peer : peers()) {
        simulation.network().carry(id, peer, () -> simulation.node(peer).submit(transaction));
      }
      if (first) {
        step(new Input.TransactionsPending(true));
      } else {
        propose();
      }
    }
  }

  void connected(ReplicaId peer) {
    if (replica != null) {
      step(new Input.Connected(peer));
    }
  }

  void receive(ReplicaId from, byte[] bytes) {
    if (replica == null) {
      return;
    }
    try {
      Authenticated opened = authenticator.open(from, careless() ? unreminded(bytes) : bytes);
      conduct.heard(opened.message());
      step(new Input.Received(opened, wallClock()));
    } catch (RejectedException e) {
      throw new Violation(id + " refused what " + from + " sent: " + e.getMessage(), e);
    }
  }

  /** A careless replica does not ask what others have seen of it. */
  private static byte[] unreminded(byte[] bytes) {
    int reminder = 1 + 3 * Long.BYTES;
    if (bytes[0] != TESTIMONY) {
      return bytes;
    }
    byte[] without = new byte[reminder + 3];
    System.arraycopy(bytes, 0, without, 0, reminder);
    return without;
  }

  // The replica's thread.

  private void step(Input input) {
    simulation.trace(id, input);
    take(running().step(input));
    checkMemory();
    propose();
  }

  /**
   * A replica that always had its disk is never told that it forgot. A faulty one may sign what its
   * own replica does not know of; that is begun anew, so that it goes on to do harm.
   */
  private void checkMemory() {
    boolean forgot = running().status().recovery().phase() == RecoveryStatus.Phase.FORGOT;
    if (forgot && careless()) {
      after(
          1,
          () -> {
            die();
            start();
          });
    } else if (forgot) {
      throw new Violation(id + " was told that it forgot, and did not");
    }
  }

  /** Faulty itself, or with a disk that lies: then nothing but the checks may find that out. */
  private boolean careless() {
    return simulation.configuration().faulty().containsKey(id)
        || simulation.configuration().amnesia() != Amnesia.NONE;
  }

  private Replica running() {
    if (replica == null) {
      throw new AssertionError(id + " is down");
    }
    return replica;
  }

  private void take(Output output) {
    unsynced.add(output);
    simulation.invariants().meant(messages(output));
    if (!syncing) {
      syncing = true;
      after(random.nextInt(SYNC_MAX_MILLIS), this::synced);
    }
  }

  private void propose() {
    int most = simulation.chain().spec().parameters().blockTransactionsMax();
    for (Optional<ProposalSlot> slot = running().proposalSlot();
        slot.isPresent();
        slot = running().proposalSlot()) {
      List<Transaction> batch =
          mempool.batch(slot.get(), 1 + random.nextInt(simulation.configuration().batch(most)));
      if (batch.isEmpty()) {
        return;
      }
      Input.Proposal proposal = new Input.Proposal(slot.get(), batch, wallClock());
      simulation.trace(id, proposal);
      take(running().step(proposal));
    }
  }

  /** The journal is durable: only now may anything leave. */
  private void synced() {
    if (dieAtNextSync && random.nextBoolean()) {
      die();
      return;
    }
    syncing = false;
    List<Output> outputs = unsynced;
    unsynced = new ArrayList<>();
    outputs.forEach(output -> write(output.journal()));
    if (random.nextInt(REWRITE_ODDS) == 0) {
      List<JournalRecord> live = running().liveRecords();
      simulation.invariants().holds(id, live);
      journal.clear();
      write(live);
    }
    outputs.forEach(this::send);
    if (dieAtNextSync) {
      die();
      return;
    }
    outputs.forEach(this::apply);
  }

  private void send(Output output) {
    simulation.invariants().leaving(id, messages(output));
    for (Outgoing outgoing : output.messages()) {
      if (dieAtNextSync && random.nextInt(3) == 0) {
        return;
      }
      conduct.send(outgoing);
    }
  }

  private static List<Message> messages(Output output) {
    return output.messages().stream().map(Outgoing::message).toList();
  }

  /** Hands a message to the network. */
  void transmit(Outgoing outgoing) {
    Message message = outgoing.message();
    simulation.invariants().sent(message);
    byte[] bytes = MessageCodec.encode(message);
    for (ReplicaId peer : outgoing.to().map(List::of).orElse(peers())) {
      simulation.network().carry(id, peer, bytes, () -> simulation.node(peer).receive(id, bytes));
    }
  }

  private void apply(Output output) {
    for (CommittedBlock block : output.decided()) {
      simulation.invariants().decided(id, block);
      decided.add(block);
    }
    output
        .certified()
        .forEach(
            certificate -> {
              simulation.invariants().certified(id, certificate);
              ledger.put(certificate);
            });
    output.evidence().forEach(evidence -> simulation.invariants().evidence(id, evidence));
    output.timers().forEach(this::set);
    output.wanted().forEach(this::serve);
    execute();
  }

  private void set(TimerSetting setting) {
    Timer timer = setting.timer();
    int generation = timers.merge(timer, 1, Integer::sum);
    OptionalLong delay = setting.delayMillis();
    if (delay.isPresent()) {
      after(
          delay.getAsLong(),
          () -> {
            if (timers.get(timer) == generation) {
              step(new Input.TimerFired(timer, wallClock()));
            }
          });
    }
  }

  private void serve(Output.Wanted wanted) {
    after(
        1,
        () -> {
          Message answer = ledger.from(wanted.fromHeight());
          conduct.send(new Outgoing(Optional.of(wanted.by()), answer));
        });
  }

  // The ledger's thread.

  private void execute() {
    if (!executing && !decided.isEmpty()) {
      executing = true;
      after(1 + random.nextInt(EXECUTION_MAX_MILLIS), this::executed);
    }
  }

  private void executed() {
    executing = false;
    Checkpoint result = ledger.apply(decided.remove());
    simulation.invariants().executed(id, result);
    step(new Input.Executed(result));
    boolean waited = !mempool.isEmpty();
    mempool.retain(ledger);
    if (waited && mempool.isEmpty()) {
      step(new Input.TransactionsPending(false));
    }
    execute();
  }
}
