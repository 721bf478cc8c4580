package org.quorate.node.simulation;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/** Runs many independent simulations at a time. */
final class Workers {
  private final int threads;

  Workers(int threads) {
    this.threads = threads;
  }

  /** Returns when all are done. */
  void run(LongStream numbers, LongConsumer each) {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      pool.submit(() -> numbers.parallel().forEach(each)).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a simulation could not be run", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }
}
