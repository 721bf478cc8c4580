package org.quorate.node.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts every refusal, and tells each kind of one and the same subject once a minute, so that
 * someone who knocks a thousand times a second fills no disk. Owned by the event loop.
 */
final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
  private static final int REMEMBERED_MAX = 1_024;
  private static final long QUIET_NANOS = 60_000_000_000L;

  private final PeerMetrics metrics;
  private final LongSupplier nanoTime;

  /** When what was last told, the eldest first. */
  private final Map<String, Long> told = new LinkedHashMap<>();

  RefusalLog(PeerMetrics metrics, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /**
   * @param subject whose connection it is: an address without its port, or a validator
   * @param message the whole sentence for the log
   */
  void refused(Refusal reason, String subject, String message) {
    metrics.connectionRefused(reason.label());
    if (isDue(reason.label() + " " + subject)) {
      log.warn("{}", message);
    }
  }

  /** A peer cannot be reached, as is usual while a network starts. */
  void unreachable(String peer, String why) {
    if (isDue("unreachable " + peer)) {
      log.info("cannot reach {}: {}; will go on trying", peer, why);
    }
  }

  private boolean isDue(String what) {
    long now = nanoTime.getAsLong();
    Long last = told.get(what);
    if (last != null && now - last < QUIET_NANOS) {
      return false;
    }
    told.remove(what);
    told.put(what, now);
    if (told.size() > REMEMBERED_MAX) {
      told.remove(told.keySet().iterator().next());
    }
    return true;
  }
}
