package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md, R19 to R22: whole chains in which nodes lose their disks. */
final class DiskLossTest {
  private static final long SEEDS = 60;
  private static final long SEEDS_WITH_LIES = 30;

  /** Long enough for a few storms, each of which takes a disk. */
  private static final long SEVERAL_STORMS_MILLIS = 20_000;

  private static LongStream seeds() {
    return seeds(SEEDS);
  }

  private static LongStream seeds(long usual) {
    Long one = Long.getLong("quorate.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.range(0, Long.getLong("quorate.losses", usual));
  }

  /** What goes wrong in any of the seeds, or does not hold of how it ends. */
  private static List<String> violations(LongPredicate holds) {
    return violations(seeds(), holds);
  }

  private static List<String> violations(LongStream seeds, LongPredicate holds) {
    return seeds
        .parallel()
        .mapToObj(
            seed -> {
              try {
                return holds.test(seed) ? Optional.<String>empty() : Optional.of(seed + " fails");
              } catch (Violation e) {
                return Optional.of(seed + ": " + e.getMessage());
              }
            })
        .flatMap(Optional::stream)
        .toList();
  }

  private static Simulation.Result run(long seed, Fault loss, boolean live, long millis) {
    return new Simulation(Configuration.losing(seed, loss, live)).run(millis);
  }

  @Test
  void aNodeWithoutItsDiskDoesNotStopTheChain() {
    assertThat(violations(seed -> run(seed, Fault.WIPED_DISK, true, 0).height() > 0)).isEmpty();
  }

  @Test
  void nodesWithoutTheirDisksAndFLiarsBreakNothing() {
    assertThat(
            violations(
                seed -> run(seed, Fault.WIPED_DISK, false, SEVERAL_STORMS_MILLIS).episodes() > 0))
        .isEmpty();
  }

  @Test
  void nodesWithoutTheirDisksAreToldLiesAndBreakNothing() {
    AtomicLong lies = new AtomicLong();
    assertThat(
            violations(
                seeds(SEEDS_WITH_LIES),
                seed -> {
                  Configuration lied =
                      Configuration.losing(seed, Fault.WIPED_DISK, false).with(Misconduct.PERJURY);
                  Simulation.Result result = new Simulation(lied).run(SEVERAL_STORMS_MILLIS);
                  lies.addAndGet(result.faults().of(Misconduct.PERJURY));
                  return result.episodes() > 0;
                }))
        .isEmpty();
    assertThat(lies).hasPositiveValue();
  }

  @Test
  void aNodeWithAnOlderDiskDoesNotStopTheChain() {
    assertThat(violations(seed -> run(seed, Fault.OLDER_DISK, true, 0).height() > 0)).isEmpty();
  }

  @Test
  void aNodeWithAnOlderDiskAndFLiarsBreakNothing() {
    assertThat(violations(seed -> run(seed, Fault.OLDER_DISK, false, 0).episodes() > 0)).isEmpty();
  }

  @Test
  void aNodeWhoseJournalDecaysDoesNotStopTheChain() {
    assertThat(violations(seed -> run(seed, Fault.BIT_FLIP, true, 0).height() > 0)).isEmpty();
  }

  @Test
  void aNodeWhoseJournalDecaysAndFLiarsBreakNothing() {
    assertThat(violations(seed -> run(seed, Fault.BIT_FLIP, false, 0).episodes() > 0)).isEmpty();
  }

  @Test
  void nodesThatForgotVoteAgain() {
    assertThat(
            LongStream.range(0, 40)
                .parallel()
                .filter(seed -> run(seed, Fault.WIPED_DISK, true, 0).votedAgain()))
        .hasSizeGreaterThan(5);
  }
}
