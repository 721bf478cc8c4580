package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
  void noRunBeginsWhenTheMinutesAreOver() {
    Run run = Run.quorate("simulate", "--seed", "0", "--seeds", "1000000", "--minutes", "0.05");

    assertThat(run.status()).as(run.err()).isEqualTo(0);
    assertThat(run.out()).containsPattern("runs +[1-9][0-9]{0,3}\n");
  }

  /** Lines of the summary that do not tell how long it took. */
  private static List<String> summary(Run run) {
    return run.out().lines().filter(line -> !line.startsWith("simulated")).toList();
  }

  @Test
  void everyScenarioOfTwinsIsRunWhateverTheNumberOfThreads() {
    Run one = Run.quorate("simulate", "--twins", "--rounds", "1", "--threads", "1");
    Run two = Run.quorate("simulate", "--twins", "--rounds", "1", "--threads", "2");

    assertThat(one.status()).as(one.err()).isEqualTo(0);
    assertThat(one.out())
        .contains(
            "scenarios         656 of 656\n", "runs              128;", "violations        0\n")
        .containsPattern("blocks {12}[1-9]")
        .contains("twins convicted");
    assertThat(summary(two)).isEqualTo(summary(one));
  }

  @Test
  void moreTwinsThanTheProtocolBearsAreFoundAndEachScenarioIsRunAgainAsTold() {
    Run run = Run.quorate("simulate", "--twins", "2", "--quorums", "--limit", "100");
    assertThat(run.status()).as(run.err()).isEqualTo(3);
    assertThat(run.out()).contains("AGREEMENT").doesNotContain("violations        0");

    String again =
        run.out().lines().filter(line -> line.startsWith("again: quorate ")).findFirst().orElse("");
    Run trace = Run.quorate((Object[]) again.substring("again: quorate ".length()).split(" "));
    assertThat(trace.status()).isEqualTo(3);
    assertThat(trace.out())
        .contains("PRE-PREPARE(v0 ", "scenarios         1 of ", "violations        1\n");
  }

  @Test
  void aScenarioThatIsTheSameAsAnotherIsSaidToBe() {
    // In number 0 all of them hear each other: no renaming changes that.
    Run first = Run.quorate("simulate", "--twins", "--only", "0", "--trace");
    assertThat(first.out()).startsWith("0: r0 01234 ").contains("runs              1\n");

    List<Run> runs =
        IntStream.range(1, 10)
            .mapToObj(number -> Run.quorate("simulate", "--twins", "--only", number, "--trace"))
            .filter(run -> run.out().contains("runs              0;"))
            .toList();
    assertThat(runs)
        .isNotEmpty()
        .allMatch(run -> run.status() == 0 && run.out().contains("the same as another"));
  }

  @Test
  void crashPointsAreSampledAndOneIsRunAlone() {
    Run sample = Run.quorate("simulate", "--crash-points", "--limit", "40");
    assertThat(sample.status()).as(sample.err()).isEqualTo(0);
    assertThat(sample.out())
        .contains("crash points      40 of 1", "runs              40\n", "violations        0\n")
        .contains("blocks            4000\n", "died at a sync", "died at a write", "died again at");

    Run one = Run.quorate("simulate", "--crash-points", "--only", "17", "--trace");
    assertThat(one.status()).as(one.err()).isEqualTo(0);
    assertThat(one.out())
        .startsWith("17: r")
        .contains(" dies after ", "blocks            100\n", " executed ");
  }

  @Test
  void optionsThatDoNotFitTogetherAreRefusedWithTheRemedy() {
    assertRefused("add that, or leave out --rounds", "--rounds", "2");
    assertRefused("--only goes with --twins or --crash-points", "--only", "2");
    assertRefused("--seeds does not go with --twins: leave out", "--twins", "--seeds", "9");
    assertRefused("--crash-points does not go with --twins", "--twins", "--crash-points");
    assertRefused("--quorums does not go with --crash", "--crash-points", "--quorums");
    assertRefused("add --only N", "--twins", "--trace");
    assertRefused("leave out --limit", "--twins", "--only", "1", "--limit", "2");
    assertRefused("--only is 0 to 430335", "--twins", "--only", "430336");
    assertRefused("--limit is 1 or more", "--crash-points", "--limit", "0");
    assertRefused("1 to 5 rounds", "--twins", "--rounds", "9");
    assertRefused("1 or 2 replicas", "--twins", "3");
  }

  private static void assertRefused(String message, String... options) {
    Run run = Run.quorate(Stream.concat(Stream.of("simulate"), Stream.of(options)).toArray());
    assertThat(run.status()).as(run.out()).isEqualTo(2);
    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void wrongOptionsAreRefusedByName() {
    Run unknown = Run.quorate("simulate", "--faults", "crash,gremlins");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("gremlins", "equivocate", "partition");

    assertThat(Run.quorate("simulate", "--validators", "99").status()).isEqualTo(2);
    assertThat(Run.quorate("simulate", "--seed", "-1").status()).isEqualTo(2);
    assertThat(Run.quorate("simulate", "--hours", "NaN").status()).isEqualTo(2);
    assertThat(Run.quorate("simulate", "--minutes", "-1").status()).isEqualTo(2);
    assertThat(Run.quorate("simulate", "--seeds", "2", "--trace").status()).isEqualTo(2);
    assertThat(Run.quorate("simulate", "--list-faults").out())
        .contains("clock-jump\n", "equivocate\n");
  }
}
