package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SimulateCommandTest {
  private static String hash(Run run) {
    return run.out().lines().filter(line -> line.startsWith("trace hash")).findFirst().orElse("");
  }

  @Test
  void aSeedGivesTheSameRunTwiceAndAnotherSeedAnother() {
    Run first = Run.quorate("simulate", "--seed", "12");
    Run second = Run.quorate("simulate", "--seed", "12");

    assertThat(first.status()).as(first.err()).isEqualTo(0);
    assertThat(first.out()).contains("runs              1\n", "violations        0\n");
    assertThat(hash(second)).isEqualTo(hash(first)).isNotEmpty();
    assertThat(hash(Run.quorate("simulate", "--seed", "24"))).isNotEqualTo(hash(first));
  }

  @Test
  void manySeedsAreSummedUpWhateverTheNumberOfThreads() {
    Run one = Run.quorate("simulate", "--seed", "0", "--seeds", "6", "--threads", "1");
    Run two = Run.quorate("simulate", "--seed", "0", "--seeds", "6", "--threads", "2");

    assertThat(one.status()).as(one.err()).isEqualTo(0);
    assertThat(one.out()).contains("runs              6\n");
    assertThat(hash(two)).isEqualTo(hash(one));
  }

  @Test
  void onlyTheFaultsThatWereNamedHappen() {
    Run run = Run.quorate("simulate", "--seed", "3", "--validators", "7", "--faults", "crash,mute");

    assertThat(run.status()).as(run.err()).isEqualTo(0);
    assertThat(run.out()).contains("misconduct mute").doesNotContain("partition", "equivocate");
  }

  @Test
  void theTraceTellsWhatHappens() {
    Run run = Run.quorate("simulate", "--seed", "2", "--trace");

    assertThat(run.out()).contains("r0 starts after height 0", "PRE-PREPARE(v0 ", " executed ");
  }

  @Test
  void aVirtualHourIsRunOnDemand() {
    Run run = Run.quorate("simulate", "--validators", "4", "--hours", "0.02", "--faults", "crash");

    assertThat(run.status()).as(run.err()).isEqualTo(0);
    assertThat(run.out()).containsPattern("simulated +0\\.0[2-9] hours");
  }

  @Test
  void wrongOptionsAreRefusedByName() {
    Run unknown = Run.quorate("simulate", "--faults", "crash,gremlins");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("gremlins", "equivocate", "partition");

    assertThat(Run.quorate("simulate", "--validators", "99").status()).isEqualTo(2);
    assertThat(Run.quorate("simulate", "--seed", "-1").status()).isEqualTo(2);
    assertThat(Run.quorate("simulate", "--hours", "NaN").status()).isEqualTo(2);
    assertThat(Run.quorate("simulate", "--seeds", "2", "--trace").status()).isEqualTo(2);
    assertThat(Run.quorate("simulate", "--list-faults").out())
        .contains("clock-jump\n", "equivocate\n");
  }
}
