package org.quorate.consensus.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PROTOCOL.md, R19 to R22: whole chains in which one replica loses its disk. */
final class DiskLossTest {
  private static final long SEEDS = 100;

  static LongStream seeds() {
    Long one = Long.getLong("quorate.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.range(0, Long.getLong("quorate.seeds", SEEDS));
  }

  private static Simulation.Result run(long seed, DiskLoss loss, boolean live) {
    return new Simulation(Configuration.losing(seed, loss, live)).run();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aReplicaWithoutItsDiskDoesNotStopTheChain(long seed) {
    assertThat(run(seed, DiskLoss.WIPED, true).height()).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aReplicaWithoutItsDiskAndFLiarsBreakNothing(long seed) {
    assertThat(run(seed, DiskLoss.WIPED, false).events()).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aReplicaWithAnOlderDiskDoesNotStopTheChain(long seed) {
    assertThat(run(seed, DiskLoss.RESTORED, true).height()).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aReplicaWithAnOlderDiskAndFLiarsBreakNothing(long seed) {
    assertThat(run(seed, DiskLoss.RESTORED, false).events()).isPositive();
  }

  @Test
  void replicasThatForgotVoteAgain() {
    assertThat(LongStream.range(0, 40).filter(s -> run(s, DiskLoss.WIPED, true).votedAgain()))
        .hasSizeGreaterThan(5);
  }
}
