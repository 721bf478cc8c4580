package org.quorate.node;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One thread that runs small tasks, now, later or again and again. What a task throws goes to
 * {@code onFailure}; what is given to it after its end is discarded. Safe for use by any thread.
 */
final class TaskThread implements AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<Throwable> onFailure;

  TaskThread(ThreadFactory factory, Consumer<Throwable> onFailure) {
    this.executor =
        new ScheduledThreadPoolExecutor(1, factory, new ThreadPoolExecutor.DiscardPolicy());
    this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.onFailure = onFailure;
  }

  /** Runs {@code task} soon. */
  void run(Runnable task) {
    executor.execute(guarded(task));
  }

  /** Runs {@code task} when so much time has passed. */
  void after(long nanos, Runnable task) {
    var unused = executor.schedule(guarded(task), nanos, TimeUnit.NANOSECONDS);
  }

  /** Runs {@code task} with so much time between the end of one run and the next. */
  void every(long millis, Runnable task) {
    var unused =
        executor.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        if (!executor.isShutdown()) {
          onFailure.accept(e);
        }
      }
    };
  }

  /** Ends the thread after the task it is at; does not wait. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
