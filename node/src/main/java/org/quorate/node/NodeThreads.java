package org.quorate.node;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Makes the node's threads. What one of them throws is never lost: it goes to {@code onFailure},
 * which stops the node.
 */
final class NodeThreads {
  private final String node;
  private final Consumer<Throwable> onFailure;

  /**
   * @param node its name, for the names of threads
   */
  NodeThreads(String node, Consumer<Throwable> onFailure) {
    this.node = node;
    this.onFailure = onFailure;
  }

  /** A thread, not started. */
  Thread thread(String name, Runnable body) {
    Thread thread = new Thread(body, node + "-" + name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((which, failure) -> onFailure.accept(failure));
    return thread;
  }

  /** A thread for small tasks. */
  TaskThread tasks(String name) {
    return new TaskThread(body -> thread(name, body), onFailure);
  }

  /** Threads for short work; what comes after its shutdown is refused by an exception. */
  ExecutorService workers(String name, int threads) {
    return pool(name, threads, new ThreadPoolExecutor.AbortPolicy());
  }

  /** Threads for short work; what comes after its shutdown is discarded. */
  ExecutorService discardingWorkers(String name, int threads) {
    return pool(name, threads, new ThreadPoolExecutor.DiscardPolicy());
  }

  private ExecutorService pool(String name, int threads, RejectedExecutionHandler afterShutdown) {
    AtomicInteger count = new AtomicInteger();
    ThreadFactory factory = body -> thread(name + "-" + count.getAndIncrement(), body);
    return new ThreadPoolExecutor(
        threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory, afterShutdown);
  }
}
