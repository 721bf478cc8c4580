package org.quorate.node.api;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.quorate.node.NodeLimits;

/**
 * The threads that read the ledger for the API, so that a slow disk holds up neither the event
 * loops nor the replica. A task that finds no place in the queue fails with a {@link
 * java.util.concurrent.RejectedExecutionException}, which is answered as overload.
 */
final class Reads implements AutoCloseable {
  private static final int IDLE_SECONDS = 60;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          NodeLimits.HTTP_READ_THREADS,
          NodeLimits.HTTP_READ_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(NodeLimits.HTTP_READS_WAITING_MAX),
          new DefaultThreadFactory("quorate-api-read", true));

  /** Finds an answer; may block on the disk. */
  @FunctionalInterface
  interface Read {
    Answer answer() throws ProblemException;
  }

  Executor executor() {
    return threads;
  }

  CompletableFuture<Answer> answer(Read read) {
    return CompletableFuture.supplyAsync(() -> orProblem(read), threads);
  }

  static Answer orProblem(Read read) {
    try {
      return read.answer();
    } catch (ProblemException e) {
      return e.problem().answer();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
