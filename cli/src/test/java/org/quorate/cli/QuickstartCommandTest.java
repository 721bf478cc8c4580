package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class QuickstartCommandTest {
  @Test
  void doesTheMainJobOnceAndTellsHowToDoItByHand() {
    Run run = Run.quorate("quickstart");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out().lines().map(String::strip))
        .contains(
            "quorate network create demo",
            "quorate network up demo",
            "quorate tx put shared/greeting hello --network demo --client alice",
            "quorate proof verify --genesis demo/genesis.json proof.json",
            "quorate status --network demo");
    assertThat(run.out())
        .containsPattern("Killed node[0-3], the primary of view [0-9]+")
        .containsPattern("committed in view [1-9]")
        .containsPattern("node[0-3] +silent: no connection")
        .endsWith("All of this was verified." + System.lineSeparator());
  }
}
