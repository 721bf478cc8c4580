package org.quorate.node.storage;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.quorate.ledger.audit.Workers;

/** Checks blocks on threads of their own, which end with the process. */
public final class AuditThreads implements Workers, AutoCloseable {
  private final ExecutorService threads;

  /** So many threads. */
  public AuditThreads(int count) {
    threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Thread thread = new Thread(work, "audit");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public <T> Supplier<T> begin(Supplier<T> work) {
    Future<T> result = threads.submit(work::get);
    return () -> {
      try {
        return result.get();
      } catch (ExecutionException e) {
        throw new AssertionError("a check failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("an audit is not interrupted", e);
      }
    };
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
