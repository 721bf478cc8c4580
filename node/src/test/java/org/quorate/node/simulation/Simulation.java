package org.quorate.node.simulation;

import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.quorate.consensus.TestChain;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;

/**
 * One run of a chain, in episodes: first a storm, as its weather says, then calm, until every
 * correct node has executed everything. Whatever happens, happens in one thread, in the order of
 * virtual time.
 */
final class Simulation {
  /**
   * How long after the calm the correct clients' transactions must be executed: so many times the
   * longest view timeout that a correct replica is left with by the storm.
   */
  static final int PATIENCE_TIMEOUTS = 10;

  /** What accuses a primary is measured over eight view timeouts (PROTOCOL.md, R25). */
  private static final int STORM_REMEMBERED_TIMEOUTS = 9;

  /** The longest quiet time between two storms. */
  private static final int QUIET_SECONDS_MAX = 300;

  /** How often it is looked whether everything is executed. */
  private static final int END_LOOK_MILLIS = 5;

  /** How many timeouts later every correct node has the proof of every result. */
  private static final int PROOF_TIMEOUTS = 10;

  /** How often what replicas hold is looked at. */
  private static final int LOOK_MILLIS = 250;

  private record Event(long nanos, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final Configuration configuration;
  private final TestChain chain;
  private final Trace trace;
  private final Invariants invariants;
  private final SimulatedNetwork network;
  private final SplittableRandom random;
  private final TreeMap<ReplicaId, SimulatedNode> nodes = new TreeMap<>();

  /** The second processes of replicas that have two. */
  private final TreeMap<ReplicaId, SimulatedNode> twins = new TreeMap<>();

  private final List<SimulatedNode> processes;
  private final List<SimulatedNode> correctNodes;
  private final Clients clients;
  private final FaultCounts faults = new FaultCounts();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private Weather weather;
  private boolean calm;
  private boolean finished;

  /** Up to which height each correct node has been seen, in the present calm, to prove results. */
  private final TreeMap<ReplicaId, Long> proven = new TreeMap<>();

  /** How many blocks were to be made when the last calm began. */
  private int blocksAtCalm;

  /** How many blocks were decided when the last calm began. */
  private long heightAtCalm;

  /** The longest view timeout that a correct replica had when the last calm began. */
  private long calmTimeoutMillis;

  /** How often correct nodes had accused primaries before the last calm could tell. */
  private long accusationsBefore;

  private int standstills;
  private long eventCount;
  private long nanos;

  Simulation(Configuration configuration) {
    this(configuration, Trace.NOBODY);
  }

  /**
   * @param lines is handed every line of the trace
   */
  Simulation(Configuration configuration, Consumer<String> lines) {
    this.configuration = configuration;
    this.trace = new Trace(lines);
    this.weather = configuration.weather();
    this.chain = configuration.chain();
    this.invariants = new Invariants(chain, configuration);
    this.random = new SplittableRandom(configuration.seed() * 31 + 7);
    this.network = new SimulatedNetwork(this, random.split());
    for (ReplicaId replica : replicas()) {
      nodes.put(replica, new SimulatedNode(this, replica, replica.index(), random.split()));
    }
    for (ReplicaId replica : configuration.faulty().keySet()) {
      if (configuration.faulty().get(replica) == Misconduct.TWINS) {
        int process = nodes.size() + twins.size();
        twins.put(replica, new SimulatedNode(this, replica, process, random.split()));
      }
    }
    this.processes = Stream.concat(nodes.values().stream(), twins.values().stream()).toList();
    this.correctNodes =
        nodes.values().stream().filter(node -> configuration.isCorrect(node.id())).toList();
    this.clients = new Clients(this, random.split());
  }

  /**
   * How a run ended.
   *
   * @param millis of virtual time
   * @param millisAfterCalm of virtual time until everything was executed, the longest of all
   *     episodes
   * @param timeoutsAfterCalm the same in view timeouts: in tenths of the longest that a correct
   *     replica had at the calm, the most of all episodes
   * @param standstills how many episodes ended without that, as they may if more nodes than f count
   *     as faulty, since one forgot what it signed
   * @param votedAgain whether a node voted again after it had lost its disk
   * @param traceHash equal for two runs that did the same
   */
  record Result(
      long millis,
      long millisAfterCalm,
      long timeoutsAfterCalm,
      int episodes,
      int standstills,
      long height,
      long events,
      FaultCounts faults,
      boolean votedAgain,
      long traceHash) {}

  Configuration configuration() {
    return configuration;
  }

  TestChain chain() {
    return chain;
  }

  Invariants invariants() {
    return invariants;
  }

  SimulatedNetwork network() {
    return network;
  }

  FaultCounts faults() {
    return faults;
  }

  Weather weather() {
    return weather;
  }

  SimulatedNode node(ReplicaId replica) {
    return nodes.get(replica);
  }

  /** All processes, by their numbers. */
  List<SimulatedNode> nodes() {
    return processes;
  }

  /** The processes of a replica: one, or two if it is twins. */
  List<SimulatedNode> processes(ReplicaId replica) {
    SimulatedNode twin = twins.get(replica);
    return twin == null ? List.of(nodes.get(replica)) : List.of(nodes.get(replica), twin);
  }

  Clients clients() {
    return clients;
  }

  long nanos() {
    return nanos;
  }

  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  boolean isCalm() {
    return calm;
  }

  void after(long delayNanos, Runnable action) {
    events.add(new Event(nanos + delayNanos, eventCount++, action));
  }

  void afterMillis(long delayMillis, Runnable action) {
    after(TimeUnit.MILLISECONDS.toNanos(delayMillis), action);
  }

  void trace(String line) {
    trace.line(millis(), line);
  }

  /** A link was made; both ends learn of it. */
  void connect(ReplicaId one, ReplicaId other) {
    processes(one).forEach(node -> node.connected(other));
    processes(other).forEach(node -> node.connected(one));
  }

  void connectAll() {
    for (ReplicaId one : replicas()) {
      for (ReplicaId other : replicas()) {
        if (one.compareTo(other) < 0) {
          connect(one, other);
        }
      }
    }
  }

  List<ReplicaId> replicas() {
    return chain.spec().validators().replicas();
  }

  List<SimulatedNode> correctNodes() {
    return correctNodes;
  }

  /** One episode. */
  Result run() {
    return run(0);
  }

  /** Episodes until so much virtual time has passed. */
  Result run(long millisMin) {
    try {
      for (SimulatedNode node : nodes()) {
        afterMillis(random.nextInt(20), node::start);
      }
      afterMillis(LOOK_MILLIS, this::look);
      int episodes = 0;
      long millisAfterCalm = 0;
      long timeoutsAfterCalm = 0;
      do {
        long after = episode();
        correctNodes().forEach(SimulatedNode::checkInlet);
        millisAfterCalm = Math.max(millisAfterCalm, after);
        timeoutsAfterCalm = Math.max(timeoutsAfterCalm, 10 * after / calmTimeoutMillis);
        episodes++;
        weather = nextWeather();
        if (millis() < millisMin) {
          quiet();
        }
      } while (millis() < millisMin);
      return new Result(
          millis(),
          millisAfterCalm,
          timeoutsAfterCalm,
          episodes,
          standstills,
          invariants.decidedHeight(),
          eventCount,
          faults,
          correctNodes().stream().anyMatch(node -> invariants.votedAgain(node.id())),
          trace.hash());
    } catch (AssertionError | RuntimeException e) {
      throw new Violation(
          e
              + "\nrun it again with -Dquorate.seed="
              + configuration.seed()
              + "\n"
              + configuration
              + "\n"
              + trace
              + nodes(),
          e);
    }
  }

  /** Lets time go on in the calm after a run. */
  void pass(long millis) {
    long until = nanos + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!events.isEmpty() && events.element().nanos() <= until) {
      Event next = events.remove();
      nanos = next.nanos();
      next.action().run();
    }
    nanos = until;
  }

  /** Some minutes in which nothing fails, and a client submits something now and then. */
  private void quiet() {
    long end = nanos + TimeUnit.SECONDS.toNanos(1 + random.nextInt(QUIET_SECONDS_MAX));
    for (long at = nanos; at < end; at += TimeUnit.SECONDS.toNanos(1 + random.nextInt(60))) {
      after(at - nanos, clients::submitNext);
    }
    while (nanos < end) {
      Event next = events.remove();
      nanos = next.nanos();
      next.action().run();
    }
  }

  private Weather nextWeather() {
    Weather next = random.nextBoolean() ? Weather.of(random) : Weather.restless(random);
    return configuration.tamed(next);
  }

  /**
   * A storm and the calm after it; returns how long that took until everything was executed, or 0
   * if the chain came to a standstill.
   */
  private long episode() {
    calm = false;
    int calmAfter = weather.calmAfterMillis();
    new Storm(this, weather, random).plan();
    clients.plan(configuration.transactions(), calmAfter);
    clients.planLies(configuration.faults(), calmAfter);
    long calmAt = nanos + TimeUnit.MILLISECONDS.toNanos(calmAfter);
    after(calmAt - nanos, this::calm);
    finished = false;
    while (!finished) {
      Event next = events.remove();
      nanos = next.nanos();
      boolean late = isPatienceOver(calmAt);
      if (late && !configuration.live()) {
        trace("the chain stands still, as it may");
        standstills++;
        compareLedgers();
        return 0;
      }
      if (late) {
        throw new Violation("after the calm the chain does not go on: " + unfinished());
      }
      next.action().run();
    }
    long recoveryMillis = TimeUnit.NANOSECONDS.toMillis(nanos - calmAt);
    awaitProofs();
    checkEnd();
    return recoveryMillis;
  }

  /** Nobody is needed for the chain to go on who lacks proofs; still all must get them soon. */
  private void awaitProofs() {
    long latest = nanos + PROOF_TIMEOUTS * TimeUnit.MILLISECONDS.toNanos(calmTimeoutMillis);
    proven.clear();
    boolean all = haveProofs();
    while (!all) {
      Event next = events.remove();
      nanos = next.nanos();
      if (nanos > latest) {
        throw new Violation("a node cannot prove the results of all blocks");
      }
      next.action().run();
      all = haveProofs();
    }
  }

  private boolean haveProofs() {
    return correctNodes().stream().allMatch(node -> provenUpTo(node) == node.height());
  }

  /** Up to which height it can prove results, as has been seen in the present calm. */
  private long provenUpTo(SimulatedNode node) {
    long height = proven.getOrDefault(node.id(), 0L);
    while (height < node.height()
        && node.ledger().encodedCheckpointCertificate(height + 1).isPresent()) {
      height++;
    }
    proven.put(node.id(), height);
    return height;
  }

  /**
   * Of the correct clients nothing waits for more than {@link #PATIENCE_TIMEOUTS}. For what the
   * liar's floods left a tenth is added for each block that waits, or for each that was decided
   * since, if those are more: no primary must fill its blocks, and what waits here and what waits
   * there may be different things. If primaries rotate, four are added for each term of a faulty
   * one that comes in the meantime.
   */
  private boolean isPatienceOver(long calmAt) {
    long timeoutNanos = TimeUnit.MILLISECONDS.toNanos(calmTimeoutMillis);
    if (!calm || nanos - calmAt <= PATIENCE_TIMEOUTS * timeoutNanos) {
      return false; // as at nearly every event
    }
    if (!clients.open().isEmpty()) {
      return true;
    }
    long blocks = Math.max(blocksAtCalm, invariants.decidedHeight() - heightAtCalm);
    int round = configuration.shape().rotationIntervalBlocks() * configuration.n();
    long faultyTerms = round == 0 ? 0 : configuration.faulty().size() * (1 + blocks / round);
    double timeouts = PATIENCE_TIMEOUTS + 0.1 * blocks + 4 * faultyTerms;
    return nanos - calmAt > timeouts * timeoutNanos;
  }

  /** How many blocks the waiting transactions fill. */
  private int blocksWaiting() {
    int known = correctNodes().stream().mapToInt(SimulatedNode::pending).max().orElseThrow();
    int waiting = Math.max(known, clients.open().size());
    return waiting / chain.spec().parameters().blockTransactionsMax() + 1;
  }

  /** Everything works from now on; the clients submit again what they have no answer for. */
  private void calm() {
    trace("calm");
    calm = true;
    network.heal();
    network.let((from, to, payload) -> true);
    nodes().forEach(SimulatedNode::recover);
    connectAll();
    calmTimeoutMillis =
        correctNodes().stream().mapToLong(SimulatedNode::viewTimeoutMillis).max().orElseThrow();
    // To one node alone, which must see to it that all get it.
    for (Transaction transaction : clients.open()) {
      correctNodes().get(random.nextInt(correctNodes().size())).submit(transaction);
    }
    blocksAtCalm = blocksWaiting();
    heightAtCalm = invariants.decidedHeight();
    accusationsBefore = Long.MAX_VALUE;
    afterMillis(
        STORM_REMEMBERED_TIMEOUTS * Configuration.VIEW_TIMEOUT_MILLIS,
        () -> accusationsBefore = accusations());
    awaitEnd();
  }

  private long accusations() {
    return correctNodes().stream().mapToLong(SimulatedNode::accusations).sum();
  }

  private void awaitEnd() {
    finished = isFinished();
    if (!finished) {
      afterMillis(END_LOOK_MILLIS, this::awaitEnd);
    }
  }

  /** Nothing a correct replica holds grows without end. */
  private void look() {
    for (SimulatedNode node : correctNodes()) {
      if (node.isUp()) {
        invariants.holds(node.id(), node.liveRecords(), node.pending());
      }
    }
    afterMillis(LOOK_MILLIS, this::look);
  }

  // How an episode must end.

  private boolean isFinished() {
    for (SimulatedNode node : correctNodes()) {
      if (node.height() != invariants.decidedHeight() || node.pending() > 0) {
        return false;
      }
    }
    return clients.open().isEmpty();
  }

  private String unfinished() {
    return clients.open().size() + " transactions of correct clients are not executed";
  }

  /** The same chain and the same results everywhere, byte for byte, as far as each has come. */
  private void compareLedgers() {
    correctNodes().stream()
        .filter(SimulatedNode::isUp)
        .forEach(node -> invariants.holds(node.id(), node.ledger()));
  }

  private void checkEnd() {
    compareLedgers();
    if (configuration.faulty().isEmpty() && accusations() > accusationsBefore) {
      throw new Violation("a primary was accused in the calm, and none is faulty");
    }
  }
}
