package org.quorate.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.quorate.node.simulation.Campaign;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "Not by chance but one after the other: --twins runs every scenario of a replica that runs"
          + " twice, --crash-points every point at which a node can die.",
      "Exit code 3 if a rule was broken or a chain did not go on."
    },
    footer = {
      "",
      "Examples:",
      "  quorate simulate --seed 7 --validators 7 --faults equivocate,withhold,crash --hours 1",
      "  quorate simulate --seed 1 --seeds 100000",
      "  quorate simulate --seed 200000 --seeds 1000000 --minutes 60",
      "  quorate simulate --seed 4711 --trace | less",
      "  quorate simulate --twins",
      "  quorate simulate --twins --rounds 3 --quorums --only 8314 --trace",
      "  quorate simulate --crash-points --limit 500"
    })
final class SimulateCommand implements Callable<Integer> {
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int THREADS_MAX = 1_000;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin private final SimulateSeeds seeds = new SimulateSeeds();

  @Mixin private final SimulateEnumeration enumeration = new SimulateEnumeration();

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
    SimulateKind kind = SimulateKind.of(spec.commandLine().getParseResult());
    if (threads < 1 || threads > THREADS_MAX) {
      throw SimulateKind.usage("--threads is 1 to " + THREADS_MAX);
    }
    silenceNodes();
    SimulateMode mode =
        kind == SimulateKind.SEEDS ? seeds.mode(trace) : enumeration.mode(kind, trace);
    SimulateReport report = new SimulateReport(out, System.nanoTime());
    if (trace) {
      mode.trace(out::println, report);
    } else {
      mode.run((int) Math.min(threads, mode.size()), progress(mode.size()), report);
    }
    return report.exitCode().status();
  }

  /** What simulated nodes log is of no use: the trace tells it in order. */
  private static void silenceNodes() {
    System.setProperty("logback.configurationFile", "org/quorate/cli/simulate-logback.xml");
  }

  private LongConsumer progress(long size) {
    PrintWriter err = spec.commandLine().getErr();
    AtomicLong next = new AtomicLong(System.nanoTime() + PROGRESS_NANOS);
    return done -> {
      long now = System.nanoTime();
      long due = next.get();
      if (now - due >= 0 && next.compareAndSet(due, now + PROGRESS_NANOS)) {
        err.println(done + " of " + size + " runs");
      }
    };
  }
}
