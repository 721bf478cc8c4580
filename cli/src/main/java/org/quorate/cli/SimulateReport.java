package org.quorate.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** What {@code quorate simulate} says of its runs: a name and a figure to a line. */
final class SimulateReport {
  private static final int VIOLATIONS_TOLD_MAX = 20;

  private final PrintWriter out;
  private final long startNanos;
  private boolean violated;
  private int told;

  /**
   * @param startNanos when the runs began, by {@link System#nanoTime}
   */
  SimulateReport(PrintWriter out, long startNanos) {
    this.out = out;
    this.startNanos = startNanos;
  }

  void figure(String name, Object value) {
    out.printf(Locale.ROOT, "%-17s %s%n", name, value);
  }

  /**
   * How fast it was: to be called when the runs have ended.
   *
   * @param millis of virtual time, of all runs together
   */
  void simulated(long millis) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    figure(
        "simulated",
        String.format(
            Locale.ROOT,
            "%.2f hours in %.1f s: %.0f times real time",
            millis / 3.6e6,
            seconds,
            millis / 1e3 / seconds));
  }

  void counts(String title, Map<String, Long> counts) {
    if (!counts.isEmpty()) {
      out.println(title);
    }
    counts.forEach((name, count) -> out.printf(Locale.ROOT, "  %-30s %d%n", name, count));
  }

  /**
   * A run broke a rule: told at once, since others may take hours; but where nearly all do, the
   * first are enough. Any thread may tell.
   */
  synchronized void violation(String what) {
    if (told == VIOLATIONS_TOLD_MAX) {
      return;
    }
    told++;
    out.println(what);
    out.println();
    out.flush();
  }

  /** How many runs broke a rule. */
  synchronized void violations(long count) {
    violated = count > 0;
    figure(
        "violations", count + (count > told ? ", of which the first " + told + " are told" : ""));
  }

  /** The command's exit code. */
  ExitCode exitCode() {
    return violated ? ExitCode.PROOF_INVALID : ExitCode.OK;
  }
}
