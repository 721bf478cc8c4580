package org.quorate.node;

import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The clock and the threads of the machine. What a thread throws goes to {@code onFailure}, which
 * stops the node.
 */
final class NodeThreads implements Host {
  private final String node;
  private final Consumer<Throwable> onFailure;

  /**
   * @param node its name, for the names of threads
   */
  NodeThreads(String node, Consumer<Throwable> onFailure) {
    this.node = node;
    this.onFailure = onFailure;
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long unique() {
    return new SecureRandom().nextLong();
  }

  private Thread thread(String name, Runnable body) {
    Thread thread = new Thread(body, node + "-" + name);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((which, failure) -> onFailure.accept(failure));
    return thread;
  }

  @Override
  public TurnThread turns(String name, Turns work) {
    return new TurnLoop(work, body -> thread(name, body));
  }

  @Override
  public Tasks tasks(String name) {
    return new TaskThread(body -> thread(name, body), onFailure);
  }

  @Override
  public ExecutorService workers(String name, int threads) {
    return pool(name, threads, new ThreadPoolExecutor.AbortPolicy());
  }

  @Override
  public ExecutorService discardingWorkers(String name, int threads) {
    return pool(name, threads, new ThreadPoolExecutor.DiscardPolicy());
  }

  private ExecutorService pool(String name, int threads, RejectedExecutionHandler afterShutdown) {
    AtomicInteger count = new AtomicInteger();
    ThreadFactory factory = body -> thread(name + "-" + count.getAndIncrement(), body);
    return new ThreadPoolExecutor(
        threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory, afterShutdown);
  }
}
