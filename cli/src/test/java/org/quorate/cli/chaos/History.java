package org.quorate.cli.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quorate.ledger.crypto.Digest;

/**
 * What clients submitted and what was acknowledged to them, in memory and, line by line as it
 * happens, in a file. Safe for use by any thread.
 */
final class History implements AutoCloseable {
  private final Map<Digest, Attempt> attempts = new LinkedHashMap<>();
  private final PrintWriter file;
  private long acknowledged;

  History(Path path) throws IOException {
    this.file = new PrintWriter(Files.newBufferedWriter(path, StandardCharsets.UTF_8));
  }

  synchronized void submitted(Attempt attempt) {
    attempts.put(attempt.transaction(), attempt);
    file.printf(
        "%d %s submits %s%n",
        attempt.submittedNanos(), attempt.client(), attempt.transaction().hex());
  }

  synchronized void acknowledged(Attempt attempt, Acknowledgement told) {
    attempts.put(
        attempt.transaction(),
        new Attempt(
            attempt.client(),
            attempt.transaction(),
            attempt.chained(),
            attempt.submittedNanos(),
            Optional.of(told)));
    acknowledged++;
    file.printf(
        "%d %s holds %s at %d/%d %s%n",
        told.atNanos(),
        attempt.client(),
        attempt.transaction().hex(),
        told.height(),
        told.index(),
        told.outcome());
  }

  synchronized void walkedAway(Attempt attempt, long atNanos) {
    file.printf("%d %s leaves %s%n", atNanos, attempt.client(), attempt.transaction().hex());
  }

  synchronized List<Attempt> attempts() {
    return List.copyOf(attempts.values());
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  @Override
  public synchronized void close() {
    file.close();
  }
}
