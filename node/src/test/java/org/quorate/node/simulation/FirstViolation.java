package org.quorate.node.simulation;

import java.util.Optional;
import java.util.stream.LongStream;

/** Runs seeds one after the other until one shows that the code is wrong. */
public final class FirstViolation {
  private FirstViolation() {}

  /** The first of so many seeds that breaks something, and what. */
  public static Optional<String> among(long seeds) {
    return LongStream.range(0, seeds)
        .mapToObj(FirstViolation::in)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> in(long seed) {
    try {
      new Simulation(Configuration.of(seed)).run();
      return Optional.empty();
    } catch (Violation e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return Optional.of("seed " + seed + ": " + first);
    }
  }
}
