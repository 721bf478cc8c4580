package org.quorate.cli;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.quorate.node.simulation.CrashPoints;
import org.quorate.node.simulation.Enumerated;
import org.quorate.node.simulation.Enumerated.Summary;
import org.quorate.node.simulation.Twins;
import picocli.CommandLine.Option;

/** The options of runs that are enumerated: a mixin. */
final class SimulateEnumeration {
  @Option(
      names = "--twins",
      arity = "0..1",
      fallbackValue = "1",
      paramLabel = "COUNT",
      description = {
        "Run all scenarios of four replicas, one of which runs twice with one key: each partition,"
            + " primary and reach of agreement in each round. With 2 two of them run twice, more"
            + " than the protocol bears: it must be seen to break."
      })
  private int twins;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "With --twins: the rounds of each scenario, 1 to 5; else 2.")
  private int rounds = 2;

  @Option(
      names = "--quorums",
      description = "With --twins: only rounds whose primary has a quorum in its group.")
  private boolean quorums;

  @Option(
      names = "--crash-points",
      description = {
        "Let a node die at each write, sync, rename and batch of its disks in a run of 100 blocks,"
            + " with each loss of what was not synced, and again as it restarts."
      })
  @SuppressWarnings("UnusedVariable") // that it is there says it all; see SimulateKind
  private boolean crashPoints;

  @Option(
      names = "--only",
      paramLabel = "N",
      description = "Of scenarios or crash points run the one with this number, from 0 on.")
  private @Nullable Long only;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      description = "Of scenarios or crash points run so many, a sample of all.")
  private @Nullable Long limit;

  /**
   * The runs.
   *
   * @param trace whether there may only be one
   */
  SimulateMode mode(SimulateKind kind, boolean trace) throws CommandFailure {
    if (only != null && limit != null) {
      throw SimulateKind.usage("--only is for one run: leave out --limit");
    }
    if (trace && only == null) {
      throw SimulateKind.usage("--trace is for one run: add --only N, its number");
    }
    if (limit != null && limit < 1) {
      throw SimulateKind.usage("--limit is 1 or more");
    }
    Numbered all = kind == SimulateKind.TWINS ? twins() : crashPoints();
    long size = all.runs().size();
    if (only != null && (only < 0 || only >= size)) {
      throw SimulateKind.usage("--only is 0 to " + (size - 1));
    }
    return only != null
        ? new Range(all, only, only + 1)
        : new Range(all, 0, limit == null ? size : Math.min(limit, size));
  }

  private Numbered twins() throws CommandFailure {
    try {
      return new Numbered(
          quorums ? Twins.withQuorums(rounds, twins) : Twins.all(rounds, twins),
          "scenario",
          (twins == 1 ? "--twins" : "--twins " + twins)
              + (" --rounds " + rounds)
              + (quorums ? " --quorums" : ""));
    } catch (IllegalArgumentException e) {
      throw SimulateKind.usage("--twins, --rounds: " + e.getMessage());
    }
  }

  private static Numbered crashPoints() {
    return new Numbered(CrashPoints.all(), "crash point", "--crash-points");
  }

  /**
   * Enumerated runs.
   *
   * @param noun what one of them is
   * @param options that ask for them
   */
  private record Numbered(Enumerated runs, String noun, String options) {}

  private record Range(Numbered all, long from, long to) implements SimulateMode {
    @Override
    public long size() {
      return to - from;
    }

    @Override
    public void run(int threads, LongConsumer progress, SimulateReport report) {
      Enumerated.Observer observer =
          new Enumerated.Observer() {
            @Override
            public void done(long numbers) {
              progress.accept(numbers);
            }

            @Override
            public void violated(long number, String what) {
              report.violation(told(number, what));
            }
          };
      tell(all.runs().run(from, to, threads, observer), report);
    }

    @Override
    public void trace(Consumer<String> lines, SimulateReport report) {
      Summary summary = all.runs().trace(from, lines);
      summary.violations().forEach((number, what) -> report.violation(told(number, what)));
      tell(summary, report);
    }

    private void tell(Summary summary, SimulateReport report) {
      report.figure(all.noun() + "s", summary.numbers() + " of " + all.runs().size());
      boolean each = summary.runs() == summary.numbers();
      report.figure("runs", summary.runs() + (each ? "" : "; the rest differ by names alone"));
      report.simulated(summary.millis());
      report.figure("blocks", summary.blocks());
      report.counts("of these runs", summary.counts());
      report.violations(summary.violationCount());
    }

    private String told(long number, String what) {
      return (all.noun() + " " + number + ": " + what + System.lineSeparator())
          + ("again: quorate simulate " + all.options() + " --only " + number + " --trace");
    }
  }
}
