package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.quorate.node.simulation.TwinScenarios.Rounds;

/**
 * Twins: {@code -Dquorate.twins=N} runs the first N numbers of three rounds with quorums, half as
 * many of four rounds, and a quarter of four rounds of any kind; {@code quorate simulate --twins}
 * runs any and all.
 */
final class TwinsTest {
  private static final long NUMBERS = 8_000;
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private static Enumerated.Summary run(Twins twins, long to) {
    Enumerated.Summary summary = twins.run(0, to, THREADS, new Enumerated.Observer() {});
    System.out.println("twins: " + summary);
    return summary;
  }

  @Test
  void everyScenarioOfOneRoundIsSafeAndHeals() {
    Twins twins = Twins.all(1, 1);
    Enumerated.Summary summary = run(twins, twins.size());
    assertThat(summary.violations()).isEmpty();
    assertThat(summary.runs()).isGreaterThan(60);
  }

  @Test
  void aSampleOfThreeAndFourRoundsWithQuorumsIsSafeAndHeals() {
    for (int rounds = 3; rounds <= 4; rounds++) {
      Enumerated.Summary summary =
          run(Twins.withQuorums(rounds, 1), Long.getLong("quorate.twins", NUMBERS) / (rounds - 2));
      assertThat(summary.violations()).isEmpty();
      // The sample must not be of scenarios in which nothing can happen.
      assertThat(summary.count(Twins.DISTINCT)).isGreaterThan(summary.runs() / 2);
      assertThat(summary.count(Twins.EQUIVOCATED)).isGreaterThan(summary.runs() / 2);
      assertThat(summary.count(Twins.PROGRESSED)).isGreaterThan(summary.runs() / 2);
    }
  }

  @Test
  void aSampleOfAllScenariosOfFourRoundsIsSafeAndHeals() {
    assertThat(run(Twins.all(4, 1), Long.getLong("quorate.twins", NUMBERS) / 4).violations())
        .isEmpty();
  }

  @Test
  void moreTwinsThanFBreakAgreement() {
    assertThat(run(Twins.all(2, 2), 3_000).violations().values())
        .anyMatch(violation -> violation.contains("AGREEMENT"));
  }

  @Test
  void aNumberIsAlwaysTheSameRun() {
    Twins twins = Twins.all(3, 1);
    long number = firstThatIsRun(3);
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    twins.trace(number, first::add);
    twins.trace(number, second::add);
    assertThat(second).isEqualTo(first);
    assertThat(first.get(0)).startsWith(number + ": r");
  }

  private static long firstThatIsRun(int rounds) {
    TwinScenarios scenarios = new TwinScenarios(4, 1, rounds, Rounds.ALL);
    return LongStream.range(0, scenarios.size())
        .filter(number -> scenarios.scenario(number).isPresent())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void numbersReachEveryScenarioOnceAndOneOfThoseThatAreTheSame() {
    TwinScenarios scenarios = new TwinScenarios(4, 1, 2, Rounds.ALL);
    Set<TwinScenario> run = new HashSet<>();
    long present =
        LongStream.range(0, scenarios.size())
            .mapToObj(scenarios::scenario)
            .flatMap(Optional::stream)
            .filter(run::add)
            .count();
    assertThat(present).isEqualTo(run.size()).isEqualTo(orbits(2));
  }

  /** Burnside: as many as scenarios that a renaming leaves as they are, on average. */
  private static long orbits(int rounds) {
    List<int[]> renamings = new Renamings(4, 1).all();
    long fixed = 0;
    for (int[] names : renamings) {
      long partitions =
          Partition.all(5, 3).stream().filter(p -> p.renamed(names).equals(p)).count();
      long primaries = LongStream.range(0, 4).filter(r -> names[(int) r] % 4 == r).count();
      long each = partitions * primaries * Reach.values().length;
      fixed += LongStream.range(0, rounds).reduce(1, (product, round) -> product * each);
    }
    return fixed / renamings.size();
  }
}
