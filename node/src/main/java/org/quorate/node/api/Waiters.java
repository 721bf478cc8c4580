package org.quorate.node.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.CheckpointCertificate;

/**
 * Requests that wait for the execution of a transaction or the certificate of a block; no thread
 * waits with them. Bounded; safe for use by any thread. Futures complete on {@code timers}'
 * threads, never on the one that publishes events.
 *
 * <p>No event is missed by this order: begin to wait, then look whether it has happened already,
 * then wait, or cancel the future if it has, which gives its place back.
 */
final class Waiters implements BlockEvents.Listener {
  private final ScheduledExecutorService timers;
  private final Budget places;
  private final Map<Digest, List<CompletableFuture<Optional<TransactionRecord>>>> executions =
      new ConcurrentHashMap<>();
  private final Map<Long, List<CompletableFuture<Optional<CheckpointCertificate>>>> certificates =
      new ConcurrentHashMap<>();

  Waiters(int waitersMax, ScheduledExecutorService timers) {
    this.places = new Budget(waitersMax);
    this.timers = timers;
  }

  /** Waits for a transaction; the record is empty if it was not executed in time. */
  CompletableFuture<Optional<TransactionRecord>> execution(Digest hash, long millisMax) {
    return await(executions, hash, millisMax);
  }

  /** Waits for a block's checkpoint certificate; it is empty if none came in time. */
  CompletableFuture<Optional<CheckpointCertificate>> certificate(long height, long millisMax) {
    return await(certificates, height, millisMax);
  }

  /** Without a place, waiting ends at once. */
  private <K, V> CompletableFuture<Optional<V>> await(
      Map<K, List<CompletableFuture<Optional<V>>>> waiting, K key, long millisMax) {
    if (!places.take(1)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CompletableFuture<Optional<V>> waiter = new CompletableFuture<>();
    waiting.compute(
        key,
        (same, others) -> {
          List<CompletableFuture<Optional<V>>> all =
              others == null ? new CopyOnWriteArrayList<>() : others;
          all.add(waiter);
          return all;
        });
    ScheduledFuture<?> timeout =
        timers.schedule(() -> waiter.complete(Optional.empty()), millisMax, TimeUnit.MILLISECONDS);
    var unused =
        waiter.whenComplete(
            (value, failure) -> {
              timeout.cancel(false);
              places.giveBack(1);
              waiting.computeIfPresent(
                  key,
                  (same, others) -> {
                    others.removeIf(other -> other == waiter);
                    return others.isEmpty() ? null : others;
                  });
            });
    return waiter;
  }

  @Override
  public void executed(ExecutedBlock block) {
    if (!executions.isEmpty()) {
      timers.execute(() -> tellExecuted(block));
    }
  }

  private void tellExecuted(ExecutedBlock block) {
    for (int i = 0; i < block.receipts().size(); i++) {
      Receipt receipt = block.receipts().get(i);
      var waiting = executions.get(receipt.transactionHash());
      if (waiting != null) {
        Optional<TransactionRecord> found =
            Optional.of(new TransactionRecord(block.height(), i, receipt));
        waiting.forEach(waiter -> waiter.complete(found));
      }
    }
  }

  @Override
  public void certified(CheckpointCertificate certificate) {
    if (certificates.containsKey(certificate.height())) {
      timers.execute(
          () -> {
            var waiting = certificates.get(certificate.height());
            if (waiting != null) {
              waiting.forEach(waiter -> waiter.complete(Optional.of(certificate)));
            }
          });
    }
  }

  long size() {
    return places.taken();
  }
}
