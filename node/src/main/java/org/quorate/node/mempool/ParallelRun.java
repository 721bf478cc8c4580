package org.quorate.node.mempool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Work on the items 0 to n−1 by several threads at once. Threads claim chunks of items until none
 * is left, so a thread that comes late, or never, costs nothing: whoever is there does the work.
 */
final class ParallelRun {
  /** Items claimed at a time: about two milliseconds of signatures. */
  private static final int CHUNK = 16;

  private final int items;
  private final IntConsumer work;
  private final int chunks;
  private final AtomicInteger nextChunk = new AtomicInteger();
  private final AtomicInteger unfinished;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  ParallelRun(int items, IntConsumer work) {
    this.items = items;
    this.work = work;
    this.chunks = (items + CHUNK - 1) / CHUNK;
    this.unfinished = new AtomicInteger(chunks);
    if (chunks == 0) {
      done.complete(null);
    }
  }

  /**
   * Lets up to {@code threads} threads of {@code workers} do it.
   *
   * @throws RejectedExecutionException if not one of them can
   */
  void start(Executor workers, int threads) {
    int started = invite(workers, Math.min(threads, chunks));
    if (started == 0 && chunks > 0) {
      throw new RejectedExecutionException("the workers take no more work");
    }
  }

  /** Lets up to {@code threads} threads of {@code workers} help the caller, who takes part. */
  void startHelpers(Executor workers, int threads) {
    invite(workers, Math.min(threads, chunks - 1));
  }

  private int invite(Executor workers, int threads) {
    for (int started = 0; started < threads; started++) {
      try {
        workers.execute(this::takePart);
      } catch (RejectedExecutionException e) {
        return started; // who is there does the work
      }
    }
    return Math.max(0, threads);
  }

  /** Claims and does chunks until none is left. */
  void takePart() {
    for (int chunk = nextChunk.getAndIncrement();
        chunk < chunks;
        chunk = nextChunk.getAndIncrement()) {
      try {
        for (int item = chunk * CHUNK; item < Math.min(items, (chunk + 1) * CHUNK); item++) {
          work.accept(item);
        }
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
      if (unfinished.decrementAndGet() == 0) {
        done.complete(null);
      }
    }
  }

  /** Completes when every item is done, or exceptionally as soon as the work on one has thrown. */
  CompletableFuture<Void> done() {
    return done;
  }
}
