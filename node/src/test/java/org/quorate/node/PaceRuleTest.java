package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** PROTOCOL.md, R25. */
final class PaceRuleTest {
  private static final int T = 1_000;
  private static final int STEPS = 10 * PaceRule.WINDOW_TIMEOUTS;

  private final PaceRule rule = new PaceRule();

  /** A whole window of work, so many percent of which the primary let wait. */
  private boolean window(int percentWaited) {
    boolean slow = false;
    for (int i = 0; i < STEPS; i++) {
      boolean waited = (i + 1) * percentWaited / 100 > i * percentWaited / 100;
      slow |= rule.worked(T / 10, waited, T);
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
  void halfOfTheTimeIsNotYetTooMuch() {
    assertThat(window(50)).isFalse();
    assertThat(window(52)).isTrue();
  }

  @Test
  void primaryHasAGracePeriod() {
    for (int i = 1; i < STEPS; i++) {
      assertThat(rule.worked(T / 10, true, T)).isFalse();
    }
    assertThat(rule.worked(T / 10, true, T)).isTrue();
  }

  @Test
  void primaryIsNotHeldResponsibleForTheOneBefore() {
    for (int i = 1; i < STEPS; i++) {
      rule.worked(T / 10, true, T);
    }
    rule.restart();
    assertThat(rule.worked(T / 10, true, T)).isFalse();
  }

  @Test
  void workThatWaitedForTheOneBeforeIsForgotten() {
    for (int i = 1; i < STEPS / 2; i++) {
      rule.worked(T / 10, true, T);
    }
    rule.restart();
    assertThat(window(25)).isFalse();
  }

  @Test
  void whoBecomesLessPatientLooksAnew() {
    for (int i = 1; i < 2 * STEPS; i++) {
      assertThat(rule.worked(T / 10, true, 4 * T)).isFalse();
    }
    for (int i = 1; i < STEPS; i++) {
      assertThat(rule.worked(T / 10, true, T)).isFalse();
    }
    assertThat(rule.worked(T / 10, true, T)).isTrue();
  }

  @Test
  void whoIsMorePatientAfterFruitlessViewChangesLooksForLonger() {
    for (int i = 1; i < 2 * STEPS; i++) {
      assertThat(rule.worked(T / 10, true, 2 * T)).isFalse();
    }
    assertThat(rule.worked(T / 10, true, 2 * T)).isTrue();
  }

  @Test
  void whoBecomesMorePatientGoesOnWithWhatItSaw() {
    for (int i = 0; i < STEPS / 2; i++) {
      assertThat(rule.worked(T / 10, true, T)).isFalse();
    }
    for (int i = STEPS / 2 + 1; i < 2 * STEPS; i++) {
      assertThat(rule.worked(T / 10, true, 2 * T)).isFalse();
    }
    assertThat(rule.worked(T / 10, true, 2 * T)).isTrue();
  }
}
