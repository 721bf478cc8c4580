package org.quorate.cli.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What was done and when, on standard output and in a file, and what went wrong. */
final class ChaosLog implements AutoCloseable {
  private final long startNanos = System.nanoTime();
  private final PrintWriter file;
  private final List<String> violations = new ArrayList<>();

  ChaosLog(Path path) throws IOException {
    this.file = new PrintWriter(Files.newBufferedWriter(path, StandardCharsets.UTF_8));
  }

  /** Nanoseconds since the run began: the clock of the run. */
  long nanos() {
    return System.nanoTime() - startNanos;
  }

  synchronized void say(String line) {
    double seconds = (double) nanos() / TimeUnit.SECONDS.toNanos(1);
    String stamped = String.format(Locale.ROOT, "[%8.3f s] %s", seconds, line);
    System.out.println(stamped);
    file.println(stamped);
    file.flush();
  }

  /** Something that must never happen; the run goes on, and fails at its end. */
  synchronized void violation(String what) {
    violations.add(what);
    say("VIOLATION: " + what);
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  @Override
  public synchronized void close() {
    file.close();
  }
}
