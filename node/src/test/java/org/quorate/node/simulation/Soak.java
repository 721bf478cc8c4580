package org.quorate.node.simulation;

import java.util.TreeMap;

/** Runs a range of seeds and says how each failure begins: for hours at a time, by hand. */
final class Soak {
  private Soak() {}

  public static void main(String[] args) {
    long from = Long.parseLong(args[0]);
    long to = Long.parseLong(args[1]);
    int failed = 0;
    TreeMap<Long, Integer> slowest = new TreeMap<>();
    long events = 0;
    long start = System.nanoTime();
    for (long seed = from; seed < to; seed++) {
      try {
        Simulation.Result result = new Simulation(Configuration.of(seed)).run();
        slowest.merge(result.timeoutsAfterCalm() / 10, 1, Integer::sum);
        events += result.events();
      } catch (Violation e) {
        failed++;
        System.out.println(
            seed + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      }
    }
    System.out.printf(
        "%d seeds, %d failed, %d events, %.1f s; view timeouts after the calm: %s%n",
        to - from, failed, events, (System.nanoTime() - start) / 1e9, slowest);
  }
}
