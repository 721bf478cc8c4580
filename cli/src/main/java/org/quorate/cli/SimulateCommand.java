package org.quorate.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.quorate.node.simulation.Campaign;
import org.quorate.node.simulation.Campaign.Failure;
import org.quorate.node.simulation.Campaign.Summary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quorate simulate}: whole chains in a virtual world where everything fails. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Run chains of the real node code in a simulated world, and check that nothing ever breaks.",
      "Replica, mempool, ledger and journal are those of a node; clock, network, disks, signatures"
          + " and faulty validators and clients are simulated. At most f validators are faulty."
          + " After every event it is checked that no two blocks are final at one height, that"
          + " nothing a correct validator signed contradicts what it signed before, across"
          + " restarts too, and more; when the faults have ended, every transaction must be"
          + " executed everywhere.",
      "One seed decides everything: the same seed gives the same trace, and the same hash of it.",
      "Exit code 3 if a rule was broken or a chain did not go on."
    },
    footer = {
      "",
      "Examples:",
      "  quorate simulate --seed 7 --validators 7 --faults equivocate,withhold,crash --hours 1",
      "  quorate simulate --seed 1 --seeds 100000",
      "  quorate simulate --seed 4711 --trace | less"
    })
final class SimulateCommand implements Callable<Integer> {
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long SEEDS_MAX = 100_000_000;
  private static final double HOURS_MAX = 100_000;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

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
      names = "--threads",
      paramLabel = "N",
      description = "How many runs at a time; else one for each processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--trace", description = "Print everything that happens in a single run.")
  private boolean trace;

  @Option(names = "--list-faults", description = "Print the names of all faults, and do no more.")
  private boolean listFaults;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (listFaults) {
      Campaign.faults().forEach(out::println);
      return ExitCode.OK.status();
    }
    check();
    silenceNodes();
    Campaign campaign = campaign();
    long start = System.nanoTime();
    Summary summary =
        trace
            ? campaign.trace(seed, out::println)
            : campaign.run(seed, seeds, (int) Math.min(threads, seeds), progress());
    print(out, summary, (System.nanoTime() - start) / 1e9);
    return (summary.failures().isEmpty() ? ExitCode.OK : ExitCode.PROOF_INVALID).status();
  }

  private void check() throws CommandFailure {
    if (seed < 0 || seeds < 1 || seeds > SEEDS_MAX) {
      throw usage("--seed is 0 or more, --seeds is 1 to " + SEEDS_MAX);
    }
    if (!(hours >= 0 && hours <= HOURS_MAX)) {
      throw usage("--hours is 0 to " + (long) HOURS_MAX);
    }
    if (threads < 1 || threads > 1_000) {
      throw usage("--threads is 1 to 1000");
    }
    if (trace && seeds > 1) {
      throw usage("--trace is for one run: leave out --seeds");
    }
  }

  private static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message);
  }

  /** What simulated nodes log is of no use: the trace tells it in order. */
  private static void silenceNodes() {
    System.setProperty("logback.configurationFile", "org/quorate/cli/simulate-logback.xml");
  }

  private Campaign campaign() throws CommandFailure {
    try {
      return new Campaign(validators, faults, (long) (hours * TimeUnit.HOURS.toMillis(1)));
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private java.util.function.LongConsumer progress() {
    PrintWriter err = spec.commandLine().getErr();
    AtomicLong next = new AtomicLong(System.nanoTime() + PROGRESS_NANOS);
    return done -> {
      long now = System.nanoTime();
      long due = next.get();
      if (now - due >= 0 && next.compareAndSet(due, now + PROGRESS_NANOS)) {
        err.println(done + " of " + seeds + " runs");
      }
    };
  }

  private void print(PrintWriter out, Summary summary, double seconds) {
    double simulatedHours = summary.millis() / 3.6e6;
    out.println("runs              " + summary.runs());
    out.printf(
        Locale.ROOT,
        "simulated         %.2f hours in %.1f s: %.0f times real time%n",
        simulatedHours,
        seconds,
        summary.millis() / 1e3 / seconds);
    out.println("storms            " + summary.storms());
    out.println("blocks            " + summary.blocks());
    out.println("events            " + summary.events());
    out.println("longest recovery  " + summary.millisAfterStormMax() + " ms of virtual time");
    out.printf(Locale.ROOT, "trace hash        %016x%n", summary.traceHash());
    out.println("faults");
    summary.faults().forEach((name, count) -> out.printf("  %-30s %d%n", name, count));
    out.println("violations        " + summary.failures().size());
    for (Failure failure : summary.failures()) {
      out.println();
      out.println("seed " + failure.seed() + ": " + failure.description());
    }
  }
}
