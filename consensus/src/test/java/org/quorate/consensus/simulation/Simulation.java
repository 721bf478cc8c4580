package org.quorate.consensus.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.quorate.consensus.Input;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.simulation.SimulatedNetwork.Link;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;

/**
 * One run of a chain: first the weather of its configuration, then calm, until every correct node
 * has executed everything. Whatever happens, happens in one thread, in the order of virtual time.
 */
final class Simulation {
  /** How long after the calm everything must be executed, in view timeouts T. */
  static final int PATIENCE_TIMEOUTS = 250;

  private static final int CLIENTS = 3;

  private record Event(long time, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final Configuration configuration;
  private final TestChain chain;
  private final Trace trace = new Trace();
  private final Invariants invariants;
  private final SimulatedNetwork network;
  private final SplittableRandom random;
  private final TreeMap<ReplicaId, SimulatedNode> nodes = new TreeMap<>();
  private final List<Transaction> submitted = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long eventCount;
  private long now;

  Simulation(Configuration configuration) {
    this.configuration = configuration;
    this.chain = configuration.chain();
    this.invariants = new Invariants(chain, configuration.faulty());
    this.random = new SplittableRandom(configuration.seed() * 31 + 7);
    this.network = new SimulatedNetwork(this, configuration.weather(), random.split());
    for (ReplicaId replica : replicas()) {
      nodes.put(replica, new SimulatedNode(this, replica, random.split()));
    }
  }

  /** How a run ended: the virtual time after the calm, and the hash of its trace. */
  record Result(long millisAfterCalm, long height, long events, long traceHash) {}

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

  SimulatedNode node(ReplicaId replica) {
    return nodes.get(replica);
  }

  long now() {
    return now;
  }

  boolean isCalm() {
    return now >= configuration.weather().calmAtMillis();
  }

  void after(long delayMillis, Runnable action) {
    events.add(new Event(now + delayMillis, eventCount++, action));
  }

  void trace(String line) {
    trace.line(now, line);
  }

  void trace(ReplicaId replica, Input input) {
    trace.line(now, replica + " <- " + Trace.brief(input));
  }

  /** A link was made; both ends learn of it. */
  void connect(ReplicaId one, ReplicaId other) {
    nodes.get(one).connected(other);
    nodes.get(other).connected(one);
  }

  private List<ReplicaId> replicas() {
    return chain.spec().validators().replicas();
  }

  private List<SimulatedNode> correctNodes() {
    return nodes.values().stream()
        .filter(node -> !configuration.faulty().containsKey(node.id()))
        .toList();
  }

  Result run() {
    try {
      plan();
      long deadline =
          configuration.weather().calmAtMillis()
              + (long) PATIENCE_TIMEOUTS * Configuration.VIEW_TIMEOUT_MILLIS;
      while (!(isCalm() && isFinished())) {
        Event next = events.remove();
        now = next.time();
        if (now > deadline) {
          throw new Violation("after the calm the chain does not go on: " + unfinished());
        }
        next.action().run();
      }
      checkEnd();
      return new Result(
          now - configuration.weather().calmAtMillis(),
          invariants.decidedHeight(),
          eventCount,
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
              + nodes.values(),
          e);
    }
  }

  // What is to happen.

  private void plan() {
    for (SimulatedNode node : nodes.values()) {
      after(random.nextInt(20), node::start);
    }
    int calmAt = configuration.weather().calmAtMillis();
    boolean bursts = random.nextInt(3) > 0;
    for (int i = 0; i < configuration.transactions(); i++) {
      plan(i, bursts ? random.nextInt(1 + calmAt / 400) * 400 : random.nextInt(calmAt));
    }
    for (int i = 0; i < configuration.weather().crashes(); i++) {
      SimulatedNode node = nodes.get(anyReplica());
      planCrash(node, random.nextInt(calmAt), 10 + random.nextInt(1_500));
    }
    for (int i = 0; i < configuration.weather().powerLosses(); i++) {
      int at = random.nextInt(calmAt);
      nodes.values().forEach(node -> planPowerLoss(node, at));
    }
    for (int i = 0; i < configuration.weather().partitions(); i++) {
      planPartition(random.nextInt(calmAt), 50 + random.nextInt(1_500));
    }
    after(calmAt, this::calm);
  }

  private ReplicaId anyReplica() {
    return new ReplicaId(random.nextInt(configuration.n()));
  }

  private void plan(int number, int at) {
    int client = number % CLIENTS;
    long nonce = 1L + number / CLIENTS;
    Transaction transaction = chain.transaction(client, nonce, "value " + number);
    submitted.add(transaction);
    after(at, () -> nodes.get(anyReplica()).submit(transaction));
    if (random.nextInt(10) == 0) {
      // A client that uses a nonce twice gets one of the two.
      Transaction rival = chain.transaction(client, nonce, "rival of " + number);
      after(at, () -> nodes.get(anyReplica()).submit(rival));
    }
  }

  private void planCrash(SimulatedNode node, int at, int downMillis) {
    after(at, node::crash);
    after(at + downMillis, node::start);
  }

  private void planPowerLoss(SimulatedNode node, int at) {
    after(at, node::die);
    after(at + 10 + random.nextInt(300), node::start);
  }

  /** Two halves, or any links, each in one direction. */
  private void planPartition(int at, int millis) {
    Set<Link> links = new TreeSet<>();
    Set<ReplicaId> side = new TreeSet<>();
    replicas().stream().filter(replica -> random.nextBoolean()).forEach(side::add);
    boolean halves = random.nextBoolean();
    for (ReplicaId from : replicas()) {
      for (ReplicaId to : replicas()) {
        if (halves ? side.contains(from) != side.contains(to) : random.nextInt(5) < 2) {
          links.add(new Link(from, to));
        }
      }
    }
    after(
        at,
        () -> {
          trace("cut: " + links);
          network.cut(links);
        });
    after(
        at + millis,
        () -> {
          network.cut(Set.of());
          connectAll();
        });
  }

  private void connectAll() {
    for (ReplicaId one : replicas()) {
      for (ReplicaId other : replicas()) {
        if (one.compareTo(other) < 0) {
          connect(one, other);
        }
      }
    }
  }

  /** Everything works from now on; the clients submit again what they have no answer for. */
  private void calm() {
    trace("calm");
    network.cut(Set.of());
    nodes.values().forEach(SimulatedNode::recover);
    connectAll();
    for (Transaction transaction : submitted) {
      correctNodes().forEach(node -> node.submit(transaction));
    }
  }

  // How it must end.

  private boolean isFinished() {
    for (SimulatedNode node : correctNodes()) {
      if (!node.isUp() || !node.isIdle() || node.ledger().height() != invariants.decidedHeight()) {
        return false;
      }
    }
    return submitted.stream()
        .allMatch(
            transaction -> correctNodes().stream().noneMatch(n -> n.ledger().isFresh(transaction)));
  }

  private String unfinished() {
    return submitted.stream().filter(t -> !invariants.isDecided(t)).count()
        + " of "
        + submitted.size()
        + " transactions are not executed";
  }

  private void checkEnd() {
    for (SimulatedNode node : correctNodes()) {
      for (long height = 1; height <= invariants.decidedHeight(); height++) {
        invariants.executed(node.id(), node.ledger().checkpoint(height));
      }
    }
  }
}
