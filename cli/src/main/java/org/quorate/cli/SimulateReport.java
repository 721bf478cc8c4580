package org.quorate.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code quorate simulate} says of its runs: a name and a figure to a line. */
final class SimulateReport {
  private final PrintWriter out;
  private final long startNanos;
  private boolean violated;

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

  /** A run broke a rule: told at once, since others may take hours. Any thread may tell. */
  synchronized void violation(String told) {
    out.println(told);
    out.println();
    out.flush();
  }

  /** How many runs broke a rule. */
  void violations(long count) {
    violated = count > 0;
    figure("violations", count);
  }

  /**
   * As above.
   *
   * @param told what happened in the first of them
   */
  void violations(long count, List<String> told) {
    violations(count);
    for (String one : told) {
      out.println();
      out.println(one);
    }
    if (count > told.size()) {
      out.println();
      out.println("and " + (count - told.size()) + " more");
    }
  }

  /** The command's exit code. */
  ExitCode exitCode() {
    return violated ? ExitCode.PROOF_INVALID : ExitCode.OK;
  }
}
