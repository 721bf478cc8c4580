package org.quorate.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.quorate.node.simulation.Campaign;
import org.quorate.node.simulation.Campaign.Failure;
import org.quorate.node.simulation.Campaign.Summary;
import picocli.CommandLine.Option;

/** The options of runs that a seed decides: a mixin. */
final class SimulateSeeds {
  private static final long SEEDS_MAX = 100_000_000;
  private static final double HOURS_MAX = 100_000;
  private static final double MINUTES_MAX = 1_000_000;

  @Option(names = "--seed", paramLabel = "N", description = "The first seed, 0 or more; else 1.")
  private long seed = 1;

  @Option(
      names = "--seeds",
      paramLabel = "COUNT",
      description = "How many seeds, one run each; else 1.")
  private long seeds = 1;

  @Option(
      names = "--validators",
      paramLabel = "N",
      description = "How many validators; else what each seed says, mostly 4 and 7.")
  private int validators;

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "NAME",
      description = "What may go wrong, by names (see --list-faults); else everything.")
  private List<String> faults = new ArrayList<>();

  @Option(
      names = "--hours",
      paramLabel = "H",
      description = {
        "The virtual hours of each run: storms with quiet minutes between them; else one storm of a"
            + " few seconds."
      })
  private double hours;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "Begin no run later than so many real minutes from now.")
  private double minutes = MINUTES_MAX;

  /**
   * The runs.
   *
   * @param trace whether there may only be one
   */
  SimulateMode mode(boolean trace) throws CommandFailure {
    if (seed < 0 || seeds < 1 || seeds > SEEDS_MAX) {
      throw SimulateKind.usage("--seed is 0 or more, --seeds is 1 to " + SEEDS_MAX);
    }
    if (!(hours >= 0 && hours <= HOURS_MAX)) {
      throw SimulateKind.usage("--hours is 0 to " + (long) HOURS_MAX);
    }
    if (!(minutes >= 0 && minutes <= MINUTES_MAX)) {
      throw SimulateKind.usage("--minutes is 0 to " + (long) MINUTES_MAX);
    }
    if (trace && seeds > 1) {
      throw SimulateKind.usage("--trace is for one run: leave out --seeds");
    }
    try {
      long millisMin = (long) (hours * TimeUnit.HOURS.toMillis(1));
      Campaign campaign = new Campaign(validators, faults, millisMin);
      return new Seeds(campaign, seed, seeds, (long) (minutes * TimeUnit.MINUTES.toNanos(1)));
    } catch (IllegalArgumentException e) {
      throw SimulateKind.usage(String.valueOf(e.getMessage()));
    }
  }

  private record Seeds(Campaign campaign, long first, long size, long nanosMax)
      implements SimulateMode {
    @Override
    public void run(int threads, LongConsumer progress, SimulateReport report)
        throws InterruptedException {
      long start = System.nanoTime();
      Campaign.Observer observer =
          new Campaign.Observer() {
            @Override
            public boolean goesOn() {
              return System.nanoTime() - start < nanosMax;
            }

            @Override
            public void done(long runs) {
              progress.accept(runs);
            }

            @Override
            public void failed(Failure failure) {
              report.violation(told(failure));
            }
          };
      tell(campaign.run(first, size, threads, observer), report);
    }

    @Override
    public void trace(Consumer<String> lines, SimulateReport report) {
      Summary summary = campaign.trace(first, lines);
      summary.failures().forEach(failure -> report.violation(told(failure)));
      tell(summary, report);
    }

    private static String told(Failure failure) {
      return "seed " + failure.seed() + ": " + failure.description();
    }

    private static void tell(Summary summary, SimulateReport report) {
      report.figure("runs", summary.runs());
      report.simulated(summary.millis());
      report.figure("storms", summary.storms());
      report.figure("blocks", summary.blocks());
      report.figure("events", summary.events());
      report.figure("longest recovery", summary.millisAfterStormMax() + " ms of virtual time");
      report.figure("runs past ten timeouts", summary.slowRuns());
      report.figure("standstills", summary.standstills() + ", where more than f may be faulty");
      report.figure("trace hash", String.format(Locale.ROOT, "%016x", summary.traceHash()));
      report.counts("faults", summary.faults());
      report.violations(summary.failures().size());
    }
  }
}
