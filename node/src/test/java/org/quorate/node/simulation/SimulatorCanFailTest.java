package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.membership.ReplicaId;

/** A simulator that finds nothing proves nothing: what it must find when more fails than may. */
final class SimulatorCanFailTest {
  private static final Weather STORM =
      new Weather(
          new Weather.Links(0.1, 0.05, 40, 0.05, 0, 3, 0, 0),
          new Weather.Processes(12, 1, 0, 0, 0),
          new Weather.Disks(0, 0),
          3_000);

  /** The first violation of that kind among a hundred seeds; empty if there is none. */
  private static String found(String kind, LongFunction<Configuration> broken) {
    return LongStream.range(0, 100)
        .mapToObj(seed -> outcome(broken.apply(seed)))
        .filter(outcome -> outcome.contains(kind))
        .findFirst()
        .orElse("");
  }

  private static String outcome(Configuration configuration) {
    try {
      new Simulation(configuration).run();
      return "";
    } catch (Violation e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Configuration four(long seed, Weather weather, Misconduct... misconduct) {
    TreeMap<ReplicaId, Misconduct> faulty = new TreeMap<>();
    for (int i = 0; i < misconduct.length; i++) {
      faulty.put(new ReplicaId(i), misconduct[i]);
    }
    return Configuration.bearable(seed * 12).with(weather).with(faulty); // n = 4
  }

  @Test
  void disksThatSayTheyHaveSyncedAndHaveNotAreFound() {
    assertThat(
            found(
                "broke a rule",
                seed -> four(seed, STORM).with(EnumSet.of(Fault.LYING_DISK, Fault.CRASH))))
        .isNotEmpty();
  }

  @Test
  void moreThanFEquivocatingReplicasBreakAgreement() {
    assertThat(
            found(
                "AGREEMENT",
                seed -> four(seed, Weather.FINE, Misconduct.EQUIVOCATION, Misconduct.FLATTERY)))
        .isNotEmpty();
  }

  @Test
  void moreThanFMuteReplicasStopTheChainAndTheFailureSaysHowToRunItAgain() {
    assertThat(
            found(
                "does not go on",
                seed -> four(seed, Weather.FINE, Misconduct.MUTE, Misconduct.MUTE)))
        .contains("-Dquorate.seed=0")
        .contains("Configuration[seed=0, shape=Shape[n=4")
        .contains("r2 <- ");
  }
}
