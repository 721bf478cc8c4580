package org.quorate.consensus.simulation;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.quorate.ledger.membership.ReplicaId;

/** Links that lose, delay, repeat and reorder, and that a partition cuts, until the calm. */
final class SimulatedNetwork {
  private static final int CALM_DELAY_MAX_MILLIS = 4;
  private static final int SLOWNESS = 10;

  /** One in so many of the messages that are mostly lost arrives. */
  private static final int SELDOM = 6;

  private final Simulation simulation;
  private final Weather weather;
  private final SplittableRandom random;

  /** The links that are cut, each in one direction. */
  private final TreeSet<Link> cut = new TreeSet<>();

  /** From one node to another. */
  record Link(ReplicaId from, ReplicaId to) implements Comparable<Link> {
    @Override
    public int compareTo(Link other) {
      int byFrom = from.compareTo(other.from);
      return byFrom != 0 ? byFrom : to.compareTo(other.to);
    }
  }

  SimulatedNetwork(Simulation simulation, Weather weather, SplittableRandom random) {
    this.simulation = simulation;
    this.weather = weather;
    this.random = random;
  }

  /** Carries a message from one node to another, or not. */
  void carry(ReplicaId from, ReplicaId to, byte[] message, Runnable arrival) {
    boolean seldom = !simulation.isCalm() && message[0] == weather.mostlyLost();
    if (!seldom || random.nextInt(SELDOM) == 0) {
      carry(from, to, arrival);
    }
  }

  /** Carries something from one node to another, or not. */
  void carry(ReplicaId from, ReplicaId to, Runnable arrival) {
    if (simulation.isCalm()) {
      simulation.after(1 + random.nextInt(CALM_DELAY_MAX_MILLIS), arrival);
      return;
    }
    if (cut.contains(new Link(from, to)) || random.nextDouble() < weather.loss()) {
      return;
    }
    simulation.after(delay(), arrival);
    if (random.nextDouble() < weather.duplication()) {
      simulation.after(delay(), arrival);
    }
  }

  private long delay() {
    long most = weather.delayMaxMillis();
    return 1 + random.nextLong(random.nextDouble() < weather.slow() ? SLOWNESS * most : most);
  }

  /** Cuts these links and no others. */
  void cut(Set<Link> links) {
    cut.clear();
    cut.addAll(links);
  }
}
