package org.quorate.node.simulation;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.quorate.node.simulation.DiskFault.Operation;

/**
 * A chain of four nodes and one hundred blocks, in which nothing fails but one node at one crash
 * point.
 */
final class CrashRun {
  /** One transaction to a block. */
  static final int BLOCKS = 100;

  static final int N = 4;
  private static final int CALM_AFTER_MILLIS = 1_600;

  /** All nodes are up by then; before, none is. */
  private static final int STARTED_MILLIS = 25;

  private static final int LOOK_MILLIS = 5;

  /** The transactions come in so many bursts, the last early enough that all are counted. */
  private static final int BURSTS = 25;

  private static final int BURST_INTERVAL_MILLIS = 50;

  /** A death later than this might not be seen before the calm ends it. */
  private static final int COUNTED_MILLIS = CALM_AFTER_MILLIS - 2 * LOOK_MILLIS;

  private final CrashPoint point;
  private final Simulation simulation;
  private final SimulatedNode node;
  private int deaths;
  private Optional<Operation> diedAt = Optional.empty();
  private Optional<Operation> diedAgainAt = Optional.empty();
  private long operations;

  /**
   * @param faults what else is broken: nothing, or what must be found
   */
  CrashRun(long seed, CrashPoint point, Set<Fault> faults, Consumer<String> lines) {
    this.point = point;
    Weather fine = Weather.FINE;
    this.simulation =
        new Simulation(
            new Configuration(
                seed,
                new Configuration.Shape(N, 1, 8, 0),
                new TreeMap<>(),
                0, // it submits by itself, or the last blocks would come after the calm
                new Weather(fine.links(), fine.processes(), fine.disks(), CALM_AFTER_MILLIS),
                faults.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(faults)),
            lines);
    this.node = simulation.node(point.replica());
  }

  /**
   * How it went.
   *
   * @param operations of the node's disks until the end
   * @param diedAt the operation that it died instead of; empty if the run did not come so far
   * @param diedAgainAt likewise, in its second life
   */
  record Outcome(
      Simulation.Result result,
      long operations,
      Optional<Operation> diedAt,
      Optional<Operation> diedAgainAt) {}

  /** Runs it; a {@link Violation} tells what went wrong. */
  Outcome run() {
    node.diskFault().tear(point.tear());
    node.diskFault().dieAfter(point.operation());
    simulation.afterMillis(STARTED_MILLIS, this::look);
    simulation.afterMillis(COUNTED_MILLIS, this::count);
    SplittableRandom random = new SplittableRandom(simulation.configuration().seed());
    for (int i = 0; i < BLOCKS; i++) {
      int burst = random.nextInt(BURSTS);
      simulation.afterMillis(
          STARTED_MILLIS + burst * BURST_INTERVAL_MILLIS, simulation.clients()::submitNext);
    }
    Simulation.Result result = simulation.run();
    if (result.height() != BLOCKS) {
      throw new Violation(BLOCKS + " transactions made " + result.height() + " blocks");
    }
    return new Outcome(result, operations, diedAt, diedAgainAt);
  }

  /** If nothing has died, all blocks are everywhere: else some would have no crash points. */
  private void count() {
    operations = node.diskFault().operations();
    boolean undisturbed = deaths == 0 && node.isUp();
    if (undisturbed && simulation.nodes().stream().anyMatch(each -> each.height() < BLOCKS)) {
      throw new Violation("not all blocks are covered by crash points: " + simulation.nodes());
    }
  }

  private void look() {
    if (!node.isUp()) {
      deaths++;
      Optional<Operation> at = Optional.ofNullable(node.diskFault().diedAt());
      if (deaths == 1) {
        diedAt = at;
      } else {
        diedAgainAt = at;
      }
      simulation.afterMillis(point.outageMillis(), this::restart);
    } else if (deaths < 2) {
      simulation.afterMillis(LOOK_MILLIS, this::look);
    }
  }

  private void restart() {
    if (deaths == 1 && point.again() >= 0 && !simulation.isCalm()) {
      node.diskFault().dieAfter(point.again());
    }
    node.start();
    simulation.afterMillis(LOOK_MILLIS, this::look);
  }
}
