package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** PROTOCOL.md, R25. */
final class PaceRuleTest {
  private static final int T = 1_000;
  private static final int STEPS = 10 * PaceRule.WINDOW_TIMEOUTS;

  private final PaceRule rule = new PaceRule(T, 2);

  /** A whole window of work, so many percent of which the primary let wait. */
  private boolean window(int percentWaited) {
    boolean slow = false;
    for (int i = 0; i < STEPS; i++) {
      boolean waited = (i + 1) * percentWaited / 100 > i * percentWaited / 100;
      slow |= rule.worked(T / 10, waited);
    }
    return slow;
  }

  @Test
  void primaryThatLetsWorkWaitMoreThanHalfOfTheTimeIsTooSlow() {
    assertThat(window(60)).isTrue();
  }

  @Test
  void primaryThatMostlyHasABlockOnItsWayIsNotHoweverLongThatTakes() {
    assertThat(window(0)).isFalse();
    assertThat(window(45)).isFalse();
  }

  @Test
  void primaryHasAGracePeriod() {
    for (int i = 1; i < STEPS; i++) {
      assertThat(rule.worked(T / 10, true)).isFalse();
    }
    assertThat(rule.worked(T / 10, true)).isTrue();
  }

  @Test
  void primaryIsNotHeldResponsibleForTheOneBefore() {
    for (int i = 1; i < STEPS; i++) {
      rule.worked(T / 10, true);
    }
    rule.restart();
    assertThat(rule.worked(T / 10, true)).isFalse();
  }

  @Test
  void whereAllPrimariesAreSlowNoneIsTooSlow() {
    for (int primary = 0; primary < 2; primary++) {
      assertThat(window(70)).isTrue();
      rule.restart();
    }
    assertThat(window(75)).isFalse();
    assertThat(window(95)).isTrue();
  }

  @Test
  void oneOfTheLastPrimariesIsCorrectSoTheBestOfThemIsTheMeasure() {
    window(70);
    rule.restart();
    assertThat(window(70)).as("the one before may have been faulty").isTrue();
    rule.restart();
    window(10);
    rule.restart();
    assertThat(window(60)).isTrue();
  }

  @Test
  void whatPrimariesNeededLongAgoIsForgotten() {
    for (int percent : new int[] {10, 70, 70}) {
      window(percent);
      rule.restart();
    }
    assertThat(window(70)).isFalse();
  }
}
