package org.quorate.consensus.simulation;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.quorate.ledger.membership.ReplicaId;

/** Links that lose, delay, repeat and reorder, and that a partition cuts, until the calm. */
final class SimulatedNetwork {
  private static final int CALM_DELAY_MAX_MILLIS = 4;
  private static final int SLOWNESS = 10;

  private final Simulation simulation;
  private final Weather weather;
  private final SplittableRandom random;

  /** One side of the partition, if there is one; empty if there is none. */
  private final TreeSet<ReplicaId> side = new TreeSet<>();

  SimulatedNetwork(Simulation simulation, Weather weather, SplittableRandom random) {
    this.simulation = simulation;
    this.weather = weather;
    this.random = random;
  }

  /** Carries something from one node to another, or not. */
  void carry(ReplicaId from, ReplicaId to, Runnable arrival) {
    if (simulation.isCalm()) {
      simulation.after(1 + random.nextInt(CALM_DELAY_MAX_MILLIS), arrival);
      return;
    }
    if (side.contains(from) != side.contains(to) || random.nextDouble() < weather.loss()) {
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

  /** Cuts the network in two. */
  void part(Set<ReplicaId> oneSide) {
    side.clear();
    side.addAll(oneSide);
  }

  /** Makes it whole again. */
  void join() {
    side.clear();
  }
}
