package org.quorate.node;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** {@link Tasks} on a thread of the machine. What a task throws goes to {@code onFailure}. */
final class TaskThread implements Tasks {
  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<Throwable> onFailure;

  TaskThread(ThreadFactory factory, Consumer<Throwable> onFailure) {
    this.executor =
        new ScheduledThreadPoolExecutor(1, factory, new ThreadPoolExecutor.DiscardPolicy());
    this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.onFailure = onFailure;
  }

  @Override
  public void run(Runnable task) {
    executor.execute(guarded(task));
  }

  @Override
  public void after(long nanos, Runnable task) {
    var unused = executor.schedule(guarded(task), nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void every(long millis, Runnable task) {
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

  @Override
  public void close() {
    executor.shutdown();
  }

  @Override
  public boolean ended(long millisMax) {
    try {
      return executor.awaitTermination(millisMax, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
