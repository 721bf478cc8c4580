package org.quorate.node;

/**
 * One thread that runs small tasks, now, later or again and again; what is given to it after its
 * end is discarded. Safe for use by any thread.
 */
interface Tasks extends AutoCloseable {
  /** Runs {@code task} soon. */
  void run(Runnable task);

  /** Runs {@code task} when so much time has passed. */
  void after(long nanos, Runnable task);

  /** Runs {@code task} with so much time between the end of one run and the next. */
  void every(long millis, Runnable task);

  /** Ends the thread after the task it is at; does not wait. */
  @Override
  void close();

  /** Waits after {@link #close} for the task that it is at, and tells whether that has ended. */
  boolean ended(long millisMax);
}
