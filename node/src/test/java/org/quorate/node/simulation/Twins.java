package org.quorate.node.simulation;

import java.util.Optional;
import java.util.function.Consumer;
import org.quorate.node.simulation.TwinScenarios.Rounds;

/**
 * Twins (Bano et al., Twins: BFT Systems Made Robust, OPODIS 2021): a replica that runs as two
 * processes with one key, both correct, does what a Byzantine replica can, and systematically. Four
 * replicas, the first of them twins, go through every scenario of so many rounds; each round has
 * one of the 41 partitions of the five processes into at most three groups, one of the four
 * primaries, and one of four reaches of agreement within a group: 656 rounds. In 252 of them the
 * primary has a quorum in its group; scenarios of those alone are a space of their own, in which
 * more happens.
 *
 * <p>A number whose scenario differs from another's only by the names of the processes is counted
 * and not run.
 */
public final class Twins extends Enumerated {
  /** Scenarios that went as none before them: where the processes stood after each round. */
  public static final String DISTINCT = "different courses";

  /** Scenarios in which a correct replica could prove that the twins contradict each other. */
  public static final String EQUIVOCATED = "twins convicted";

  /** Scenarios in which a block became final before the network healed. */
  public static final String PROGRESSED = "blocks before the healing";

  private static final int REPLICAS = 4;

  /** Of longer scenarios nobody lives to see one in a million, and not all have numbers. */
  private static final int ROUNDS_MAX = 5;

  /** With more of four replicas there are hardly correct ones to disagree. */
  private static final int TWINS_MAX = 2;

  private final TwinScenarios scenarios;
  private final int twins;

  private Twins(int rounds, int twins, Rounds kind) {
    if (rounds < 1 || rounds > ROUNDS_MAX) {
      throw new IllegalArgumentException(
          "twins run in 1 to " + ROUNDS_MAX + " rounds, not " + rounds);
    }
    if (twins < 1 || twins > TWINS_MAX) {
      throw new IllegalArgumentException("1 or " + TWINS_MAX + " replicas are twins, not " + twins);
    }
    this.twins = twins;
    this.scenarios = new TwinScenarios(REPLICAS, twins, rounds, kind);
  }

  /**
   * All scenarios.
   *
   * @param rounds of each, 1 to 5
   * @param twins how many of the four replicas are twins: 1, or 2, which is more than a chain bears
   * @throws IllegalArgumentException if one of them is out of range; says which
   */
  public static Twins all(int rounds, int twins) {
    return new Twins(rounds, twins, Rounds.ALL);
  }

  /** As {@link #all}, but only scenarios in which each primary can bring about something. */
  public static Twins withQuorums(int rounds, int twins) {
    return new Twins(rounds, twins, Rounds.WITH_QUORUM);
  }

  @Override
  public long size() {
    return scenarios.size();
  }

  @Override
  String name(long number) {
    return scenarios
        .scenario(number)
        .map(TwinScenario::toString)
        .orElse("the same as another but for the names of processes, and not run");
  }

  @Override
  void run(long number, Consumer<String> lines, Tally tally) {
    Optional<TwinScenario> scenario = scenarios.scenario(number);
    if (scenario.isEmpty()) {
      return;
    }
    TwinRun.Outcome outcome = new TwinRun(number, REPLICAS, twins, scenario.get(), lines).run();
    tally.ran(outcome.result());
    tally.countFirst(DISTINCT, outcome.behaviour());
    if (outcome.contradictions() > 0) {
      tally.count(EQUIVOCATED);
    }
    if (outcome.heightBeforeCalm() > 0) {
      tally.count(PROGRESSED);
    }
  }
}
