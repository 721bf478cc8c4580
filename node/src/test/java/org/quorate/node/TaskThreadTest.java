package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What was begun before the end is finished, and can be waited for; nothing begins after it. */
final class TaskThreadTest {
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final TaskThread tasks = new TaskThread(Thread::new, failure::set);

  @Test
  void endComesWhenTheTaskUnderWayIsDone() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    AtomicBoolean done = new AtomicBoolean();
    tasks.run(
        () -> {
          begun.countDown();
          awaited(free);
          done.set(true);
        });
    begun.await();
    tasks.close();
    assertThat(tasks.ended(1)).isFalse();
    free.countDown();
    assertThat(tasks.ended(10_000)).isTrue();
    assertThat(done).isTrue();
    assertThat(failure).hasNullValue();
  }

  @Test
  void nothingBeginsAfterTheEnd() {
    AtomicBoolean began = new AtomicBoolean();
    tasks.after(60_000_000_000L, () -> began.set(true));
    tasks.close();
    tasks.run(() -> began.set(true));
    assertThat(tasks.ended(10_000)).isTrue();
    assertThat(began).isFalse();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
