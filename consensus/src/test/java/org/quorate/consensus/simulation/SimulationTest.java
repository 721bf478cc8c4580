package org.quorate.consensus.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs of whole chains: {@code -Dquorate.seeds=N} runs the first N seeds, {@code -Dquorate.seed=S}
 * one alone.
 */
final class SimulationTest {
  private static final long SEEDS = 500;

  static LongStream seeds() {
    Long one = Long.getLong("quorate.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.range(0, Long.getLong("quorate.seeds", SEEDS));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void replicasAgreeWhateverHappensAndGoOnWhenItEnds(long seed) {
    Configuration configuration = Configuration.of(seed);
    Simulation.Result result = new Simulation(configuration).run();
    assertThat(result.height()).isPositive();
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    for (long seed : new long[] {3, 17, 25, 64}) {
      Simulation.Result first = new Simulation(Configuration.of(seed)).run();
      Simulation.Result second = new Simulation(Configuration.of(seed)).run();
      assertThat(second).isEqualTo(first);
    }
    assertThat(new Simulation(Configuration.of(4)).run().traceHash())
        .isNotEqualTo(new Simulation(Configuration.of(16)).run().traceHash());
  }
}
