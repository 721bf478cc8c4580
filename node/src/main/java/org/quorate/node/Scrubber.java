package org.quorate.node;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.quorate.ledger.LostException;
import org.quorate.ledger.Scrub;
import org.quorate.ledger.Scrub.Found;
import org.quorate.ledger.store.DamageException;
import org.quorate.monitoring.NodeMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole ledger again and again, slowly, so that damage is found and repaired while others
 * still have what is lost. On a thread of its own.
 */
final class Scrubber implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scrubber.class);

  /** So often as many bytes are read as may be each second. */
  private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A small ledger is not read all the time. */
  private static final long PAUSE_NANOS = TimeUnit.HOURS.toNanos(1);

  private final Supplier<Scrub> begin;
  private final long bytesPerSecond;
  private final Repairs repairs;
  private final Tasks tasks;
  private final NodeMetrics metrics;
  private Scrub scrub;

  /**
   * @param megabytesPerSecond 0 for never
   */
  Scrubber(
      Supplier<Scrub> begin,
      int megabytesPerSecond,
      Repairs repairs,
      Tasks tasks,
      NodeMetrics metrics) {
    this.begin = begin;
    this.bytesPerSecond = (long) megabytesPerSecond << 20;
    this.repairs = repairs;
    this.tasks = tasks;
    this.metrics = metrics;
    this.scrub = begin.get();
  }

  void start() {
    if (bytesPerSecond > 0) {
      tasks.after(STEP_NANOS, this::step);
    }
  }

  private void step() {
    Optional<Found> found = scrub.step(bytesPerSecond);
    found.ifPresent(this::report);
    if (scrub.ended()) {
      if (found.isEmpty()) { // or damage has ended it
        metrics.scrubbed();
      }
      scrub = begin.get();
      tasks.after(PAUSE_NANOS, this::step);
    } else {
      tasks.after(STEP_NANOS, this::step);
    }
  }

  private void report(Found found) {
    if (!(found.cause() instanceof DamageException || found.cause() instanceof LostException)) {
      log.debug("the ledger cannot be read again now", found.cause());
    } else if (found.height().isPresent()) {
      repairs.damaged(found.height().getAsLong(), found.cause());
    } else {
      repairs.damaged(found.cause());
    }
  }

  @Override
  public void close() {
    tasks.close();
  }
}
