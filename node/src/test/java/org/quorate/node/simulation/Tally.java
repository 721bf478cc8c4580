package org.quorate.node.simulation;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** Counts what comes of {@link Enumerated} runs. Used by many threads; each method is atomic. */
final class Tally {
  private static final int VIOLATIONS_KEPT_MAX = 20;

  /** Each takes about 50 bytes; of runs beyond, those that went like no other are not counted. */
  private static final int BEHAVIOURS_MAX = 4_000_000;

  private final Set<Long> behaviours = new HashSet<>();
  private final TreeMap<String, Long> counts = new TreeMap<>();
  private final TreeMap<Long, String> violations = new TreeMap<>();
  private long numbers;
  private long runs;
  private long blocks;
  private long millis;
  private long violationCount;

  /** A run ended as it should. */
  synchronized void ran(Simulation.Result result) {
    runs++;
    blocks += result.height();
    millis += result.millis();
  }

  /** Something happened in a run. */
  synchronized void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  /** As {@link #count}, for the first run of several that went the same way. */
  synchronized void countFirst(String what, long behaviour) {
    if (behaviours.size() < BEHAVIOURS_MAX && behaviours.add(behaviour)) {
      count(what);
    }
  }

  /** A run broke a rule. */
  synchronized void violated(long number, String what) {
    runs++;
    violationCount++;
    violations.put(number, what);
    if (violations.size() > VIOLATIONS_KEPT_MAX) {
      violations.pollLastEntry();
    }
  }

  /** A number is done, whether it was run or not. */
  synchronized void done() {
    numbers++;
  }

  /** How many are done. */
  synchronized long numbers() {
    return numbers;
  }

  synchronized Enumerated.Summary summary() {
    return new Enumerated.Summary(
        numbers, runs, blocks, millis, counts, violations, violationCount);
  }
}
