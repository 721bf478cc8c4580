package org.quorate.consensus.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.membership.ReplicaId;

/** A simulator that finds nothing proves nothing: what it must find when the rules are broken. */
final class SimulatorCanFailTest {
  private static final Weather STORM = new Weather(0.1, 0.05, 40, 0.05, 0, 3, 12, 1, 3_000);

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

  private static Configuration stormy(long seed, Amnesia amnesia) {
    Configuration configuration = Configuration.of(seed * 12); // n = 4
    return configuration.with(STORM).with(new TreeMap<>()).with(amnesia);
  }

  private static Configuration colluding(long seed, Misconduct... misconduct) {
    TreeMap<ReplicaId, Misconduct> faulty = new TreeMap<>();
    for (int i = 0; i < misconduct.length; i++) {
      faulty.put(new ReplicaId(i), misconduct[i]);
    }
    return Configuration.of(seed * 12).with(Weather.FINE).with(faulty);
  }

  @Test
  void aJournalThatForgetsEverythingIsFound() {
    assertThat(found("broke a rule", seed -> stormy(seed, Amnesia.EVERYTHING))).isNotEmpty();
  }

  @Test
  void forgottenVotesAreFound() {
    assertThat(found("two PREPAREs", seed -> stormy(seed, Amnesia.VOTES))).isNotEmpty();
  }

  @Test
  void forgottenPreparedCertificatesAreFound() {
    assertThat(found("forgot its COMMIT", seed -> stormy(seed, Amnesia.PREPARED_CERTIFICATES)))
        .isNotEmpty();
  }

  @Test
  void forgottenViewsAreFound() {
    assertThat(found("that it has left", seed -> stormy(seed, Amnesia.VIEWS))).isNotEmpty();
  }

  @Test
  void moreThanFEquivocatingReplicasBreakAgreement() {
    assertThat(
            found(
                "AGREEMENT", seed -> colluding(seed, Misconduct.EQUIVOCATION, Misconduct.FLATTERY)))
        .isNotEmpty();
  }

  @Test
  void moreThanFMuteReplicasStopTheChainAndTheFailureSaysHowToRunItAgain() {
    assertThat(found("does not go on", seed -> colluding(seed, Misconduct.MUTE, Misconduct.MUTE)))
        .contains("-Dquorate.seed=0")
        .contains("Configuration[seed=0, n=4")
        .contains("r2 <- ");
  }
}
