package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnLoopTest {
  private static final int PATIENCE_SECONDS = 10;

  private final SynchronousQueue<Boolean> turns = new SynchronousQueue<>();
  private final AtomicLong sleepNanos = new AtomicLong(Turns.UNTIL_WOKEN);
  private final TurnThread thread = TestHost.MACHINE.turns("turns-under-test", this::turn);

  private long turn() {
    try {
      turns.put(true);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return sleepNanos.get();
  }

  private boolean tookATurn() throws InterruptedException {
    return turns.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) != null;
  }

  @AfterEach
  void end() throws InterruptedException {
    sleepNanos.set(Turns.END);
    thread.wake();
    while (!thread.ended(10)) {
      turns.poll();
    }
  }

  @Test
  void theFirstTurnComesByItselfAndTheNextWhenWoken() throws InterruptedException {
    thread.start();
    assertThat(tookATurn()).isTrue();
    assertThat(turns.poll(50, TimeUnit.MILLISECONDS)).isNull();

    thread.wake();
    assertThat(tookATurn()).isTrue();
  }

  @Test
  void aWakeBeforeTheSleepIsNotLost() throws InterruptedException {
    thread.wake();
    thread.start();

    assertThat(tookATurn()).isTrue();
    assertThat(tookATurn()).isTrue();
  }

  @Test
  void aTurnComesWhenItsTimeIsThere() throws InterruptedException {
    sleepNanos.set(TimeUnit.MILLISECONDS.toNanos(1));
    thread.start();

    for (int i = 0; i < 3; i++) {
      assertThat(tookATurn()).isTrue();
    }
  }

  @Test
  void afterTheLastTurnTheThreadEnds() throws InterruptedException {
    assertThat(thread.ended(0)).isTrue();
    thread.start();
    assertThat(thread.ended(0)).isFalse();

    sleepNanos.set(Turns.END);
    assertThat(tookATurn()).isTrue();
    assertThat(thread.ended(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))).isTrue();
  }
}
