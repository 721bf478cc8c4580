package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServingPaceTest {
  private static final long SECOND = 1_000_000_000;

  /** Where {@link System#nanoTime} is about to wrap. */
  private static final long START = Math.subtractExact(Long.MAX_VALUE, SECOND / 2);

  private final ServingPace pace = new ServingPace(START);

  @Test
  void theFirstAnswerNeedNotWait() {
    assertThat(pace.waitNanos(START)).isZero();
  }

  @Test
  void manyBytesAreWaitedForAlsoIfTheyAreOfFewBlocks() {
    pace.served(START, 1, RunnerLimits.SERVED_BYTES_PER_SECOND_MAX);
    assertThat(pace.waitNanos(START)).isEqualTo(SECOND);
    assertThat(pace.waitNanos(START + SECOND)).isZero();
  }

  @Test
  void manyBlocksAreWaitedForAlsoIfTheyAreSmall() {
    pace.served(START, RunnerLimits.SERVED_BLOCKS_PER_SECOND_MAX / 2, 1);
    assertThat(pace.waitNanos(START)).isEqualTo(SECOND / 2);
  }

  @Test
  void idleTimeIsNotSavedUp() {
    pace.served(START + 10 * SECOND, RunnerLimits.SERVED_BLOCKS_PER_SECOND_MAX, 1);
    assertThat(pace.waitNanos(START + 10 * SECOND)).isEqualTo(SECOND);
  }
}
