package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.SimulatedCore;

/** Links that lose, delay, repeat and reorder, and that are cut and clogged, until the calm. */
final class SimulatedNetwork {
  private static final int CALM_DELAY_MAX_MILLIS = 4;
  private static final int SLOWNESS = 10;

  /** One in so many of the messages that are mostly lost arrives. */
  private static final int SELDOM = 6;

  /** A message that comes again comes within so many view timeouts. */
  private static final int REPLAY_TIMEOUTS_MAX = 8;

  private final Simulation simulation;
  private final SplittableRandom random;

  // Their order is of no importance: they are only looked up.
  /** How often at once each link is cut that is. */
  private final Map<Link, Integer> cuts = new HashMap<>();

  /** How often at once each link is clogged that is. */
  private final Map<Link, Integer> clogs = new HashMap<>();

  /** What waits on clogged links. */
  private final Map<Link, List<Runnable>> queues = new HashMap<>();

  /** How often each link was broken, by sender and receiver. */
  private final int[][] connections;

  private final TreeMap<Integer, Long> messages = new TreeMap<>();

  private Filter filter = (from, to, payload) -> true;

  /** From one node to another. */
  record Link(ReplicaId from, ReplicaId to) {}

  /** Which payloads may pass from process to process, whatever else the weather does. */
  @FunctionalInterface
  interface Filter {
    boolean lets(SimulatedNode from, SimulatedNode to, byte[] payload);
  }

  SimulatedNetwork(Simulation simulation, SplittableRandom random) {
    this.simulation = simulation;
    this.random = random;
    int n = simulation.configuration().n();
    this.connections = new int[n][n];
  }

  /**
   * Carries a payload from one node to another, or not.
   *
   * @param laterNanos after how long it leaves
   */
  void carry(Link link, byte[] payload, long laterNanos, Runnable arrival) {
    if (simulation.isCalm()) {
      messages.merge(kind(payload), 1L, Long::sum);
      deliver(link, laterNanos + millis(CALM_DELAY_MAX_MILLIS), arrival);
      return;
    }
    Weather.Links weather = simulation.weather().links();
    boolean seldom = kind(payload) == weather.mostlyLost();
    if (isCut(link)) {
      simulation.faults().count(Fault.LOSS);
      return;
    }
    if (random.nextDouble() < weather.loss() || (seldom && random.nextInt(SELDOM) > 0)) {
      simulation.faults().count(Fault.LOSS);
      return;
    }
    deliver(link, laterNanos + delay(weather), arrival);
    if (random.nextDouble() < weather.replay()) {
      simulation.faults().count(Fault.REPLAY);
      int again = random.nextInt(4) > 0 ? 1 : REPLAY_TIMEOUTS_MAX;
      deliver(
          link,
          laterNanos
              + delay(weather)
              + (again == 1 ? 0 : millis(again * Configuration.VIEW_TIMEOUT_MILLIS)),
          arrival);
    }
  }

  private static int kind(byte[] payload) {
    return SimulatedCore.isMessage(payload) ? payload[1] : Weather.TRANSACTIONS;
  }

  private long delay(Weather.Links weather) {
    int most = weather.delayMaxMillis();
    boolean slow = random.nextDouble() < weather.slow();
    if (slow) {
      simulation.faults().count(Fault.DELAY);
    }
    return millis(slow ? SLOWNESS * most : most);
  }

  /** Some time up to so much, in nanoseconds. */
  private long millis(int most) {
    return 1 + random.nextLong(TimeUnit.MILLISECONDS.toNanos(most));
  }

  private void deliver(Link link, long nanos, Runnable arrival) {
    int connection = connection(link);
    simulation.after(
        nanos,
        () -> {
          if (connection != connection(link)) {
            return; // it was under way when the link broke
          }
          if (clogs.containsKey(link)) {
            queues.computeIfAbsent(link, any -> new ArrayList<>()).add(arrival);
          } else {
            arrival.run();
          }
        });
  }

  private int connection(Link link) {
    return connections[link.from().index()][link.to().index()];
  }

  /** How many messages of each kind (its first byte) came in the calm since it was asked last. */
  SortedMap<Integer, Long> takeCounts() {
    SortedMap<Integer, Long> counts = new TreeMap<>(messages);
    messages.clear();
    return counts;
  }

  /** From now on only what {@code only} lets pass is carried. */
  void let(Filter only) {
    filter = only;
  }

  boolean lets(SimulatedNode from, SimulatedNode to, byte[] payload) {
    return filter.lets(from, to, payload);
  }

  /** Cuts these links, once more if they are cut. */
  void cut(List<Link> links) {
    links.forEach(link -> cuts.merge(link, 1, Integer::sum));
  }

  /** Ends one cut of each of these links. */
  void mend(List<Link> links) {
    links.forEach(link -> end(cuts, link));
  }

  boolean isCut(Link link) {
    return cuts.containsKey(link);
  }

  private static void end(Map<Link, Integer> counts, Link link) {
    counts.computeIfPresent(link, (same, count) -> count == 1 ? null : count - 1);
  }

  /** From now on what should arrive on the link waits. */
  void clog(Link link) {
    clogs.merge(link, 1, Integer::sum);
  }

  /** Ends one clog of the link; after the last, what waited arrives, in any order. */
  void unclog(Link link) {
    end(clogs, link);
    List<Runnable> queue = clogs.containsKey(link) ? null : queues.remove(link);
    if (queue != null) {
      queue.forEach(arrival -> deliver(link, millis(CALM_DELAY_MAX_MILLIS), arrival));
    }
  }

  /** Ends all cuts and clogs. */
  void heal() {
    cuts.clear();
    clogs.clear();
    queues.keySet().stream()
        .sorted(Comparator.comparing(Link::from).thenComparing(Link::to))
        .toList()
        .forEach(this::unclog);
  }

  /** The link breaks, and what is under way on it, or waits, is lost. */
  void breakLink(Link link) {
    connections[link.from().index()][link.to().index()]++;
    queues.remove(link);
  }
}
