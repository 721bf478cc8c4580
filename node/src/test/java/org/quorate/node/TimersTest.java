package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.Timer;
import org.quorate.consensus.TimerSetting;

class TimersTest {
  private static final TimerSetting VIEW = new TimerSetting(Timer.VIEW, OptionalLong.of(1_000));
  private static final TimerSetting STATUS = new TimerSetting(Timer.STATUS, OptionalLong.of(100));

  private final Timers timers = new Timers();

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void aTimerRunsOutOnceAndNotBeforeItsTime() {
    timers.set(VIEW, millis(5));

    assertThat(timers.untilNextNanos(millis(10))).isEqualTo(millis(995));
    assertThat(timers.takeDue(millis(1_004))).isEmpty();
    assertThat(timers.takeDue(millis(1_005))).containsExactly(Timer.VIEW);
    assertThat(timers.takeDue(millis(9_000))).isEmpty();
  }

  @Test
  void settingATimerReplacesItAndStoppingEndsIt() {
    timers.set(VIEW, 0);
    timers.set(VIEW, millis(500));
    assertThat(timers.takeDue(millis(1_499))).isEmpty();

    timers.set(new TimerSetting(Timer.VIEW, OptionalLong.empty()), millis(1_499));
    assertThat(timers.takeDue(millis(1_600))).isEmpty();
  }

  @Test
  void aViewTimerFoundFarTooLateIsStartedAnewOnce() {
    timers.set(VIEW, 0);
    timers.set(STATUS, 0);

    assertThat(timers.takeDue(millis(60_000))).containsExactly(Timer.STATUS);
    assertThat(timers.takeDue(millis(60_999))).isEmpty();
    assertThat(timers.takeDue(millis(120_000))).containsExactly(Timer.VIEW);
  }

  @Test
  void aViewTimerALittleLateRunsOut() {
    timers.set(VIEW, 0);

    assertThat(timers.takeDue(millis(1_500))).containsExactly(Timer.VIEW);
  }
}
