package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.simulation.DiskFault.Operation;

/**
 * Every operation of a node's disks, in a run of one hundred blocks, is a point where it dies: each
 * write, sync and rename of the journal and each batch of the store. After it has come back nothing
 * that it signs may contradict what it signed before, and its ledger must become equal to the
 * others'.
 */
public final class CrashPoints {
  private static final int VIOLATIONS_KEPT_MAX = 20;

  /** The first is over before anybody loses patience, the second brings another primary. */
  private static final int[] OUTAGES_MILLIS = {20, 500};

  private static final Tear[] TEARS = {Tear.NOTHING_KEPT, Tear.SECTORS_KEPT, Tear.ALL_KEPT};

  /** A start does fewer operations; the last few are the first of the second life. */
  private static final int RESTART_OPERATIONS = 12;

  private final long seed;
  private final Set<Fault> faults;

  /**
   * @param seed of the run; not divisible by 3
   */
  public CrashPoints(long seed) {
    this(seed, EnumSet.noneOf(Fault.class));
  }

  CrashPoints(long seed, Set<Fault> faults) {
    this.seed = seed;
    this.faults = faults;
  }

  /**
   * What was run.
   *
   * @param runs how many, each with one crash point or two
   * @param points by the operation that did not happen any more
   * @param restartPoints likewise, of second deaths
   * @param violations by what crash point; empty if all is well
   */
  public record Summary(
      long runs,
      Map<String, Long> points,
      Map<String, Long> restartPoints,
      Map<String, String> violations) {}

  /** How many operations the disks of a node do in the run when nothing fails. */
  long operations(int replica) {
    return new CrashRun(seed, point(replica, Long.MAX_VALUE / 2, 0), faults, line -> {})
        .run()
        .operations();
  }

  private static CrashPoint point(int replica, long operation, long variant) {
    return new CrashPoint(
        new ReplicaId(replica),
        operation,
        TEARS[(int) (variant % TEARS.length)],
        OUTAGES_MILLIS[(int) (variant / TEARS.length % OUTAGES_MILLIS.length)],
        -1);
  }

  /** Each operation of a node once, with tears and outages by turns. */
  List<CrashPoint> each(int replica) {
    return LongStream.range(0, operations(replica))
        .mapToObj(operation -> point(replica, operation, operation))
        .toList();
  }

  /** Each operation of a node with each tear and outage. */
  List<CrashPoint> all(int replica) {
    List<CrashPoint> all = new ArrayList<>();
    long operations = operations(replica);
    for (int variant = 0; variant < TEARS.length * OUTAGES_MILLIS.length; variant++) {
      for (long operation = 0; operation < operations; operation++) {
        all.add(point(replica, operation, variant));
      }
    }
    return all;
  }

  /** Of every so many operations of a node one, and then each of the first of its restart. */
  List<CrashPoint> restarts(int replica, int stride) {
    List<CrashPoint> all = new ArrayList<>();
    long operations = operations(replica);
    for (long operation = 0; operation < operations; operation += stride) {
      for (int again = 0; again < RESTART_OPERATIONS; again++) {
        CrashPoint once = point(replica, operation, all.size());
        all.add(
            new CrashPoint(
                once.replica(), once.operation(), once.tear(), once.outageMillis(), again));
      }
    }
    return all;
  }

  /** Runs them. */
  Summary run(List<CrashPoint> points, int threads, LongConsumer progress) {
    Tally tally = new Tally(progress);
    new Workers(threads)
        .run(LongStream.range(0, points.size()), i -> run(points.get((int) i), tally));
    return tally.summary();
  }

  /**
   * All operations of all nodes, with each tear and outage, and restarts that die again after one
   * operation in seven.
   *
   * @param threads how many run at a time
   * @param progress is told how many runs are done, by any thread
   */
  public Summary runAll(int threads, LongConsumer progress) {
    List<CrashPoint> points = new ArrayList<>();
    for (int replica = 0; replica < CrashRun.N; replica++) {
      points.addAll(all(replica));
      points.addAll(restarts(replica, 7));
    }
    return run(points, threads, progress);
  }

  private void run(CrashPoint point, Tally tally) {
    try {
      tally.ran(trace(point, line -> {}));
    } catch (Violation e) {
      tally.violated(point, e);
    }
  }

  CrashRun.Outcome trace(CrashPoint point, Consumer<String> lines) {
    return new CrashRun(seed, point, faults, lines).run();
  }

  /** What comes of the runs, from many threads. */
  private static final class Tally {
    private static final int PROGRESS_RUNS = 100;

    private final LongConsumer progress;
    private final EnumMap<Operation, Long> points = new EnumMap<>(Operation.class);
    private final EnumMap<Operation, Long> restartPoints = new EnumMap<>(Operation.class);
    private final Map<String, String> violations = new LinkedHashMap<>();
    private long runs;

    Tally(LongConsumer progress) {
      this.progress = progress;
    }

    synchronized void ran(CrashRun.Outcome outcome) {
      outcome.diedAt().ifPresent(at -> points.merge(at, 1L, Long::sum));
      outcome.diedAgainAt().ifPresent(at -> restartPoints.merge(at, 1L, Long::sum));
      done();
    }

    synchronized void violated(CrashPoint point, Violation violation) {
      if (violations.size() < VIOLATIONS_KEPT_MAX) {
        violations.put(
            point.toString(),
            String.valueOf(violation.getMessage()).lines().findFirst().orElse(""));
      }
      done();
    }

    private void done() {
      if (++runs % PROGRESS_RUNS == 0) {
        progress.accept(runs);
      }
    }

    synchronized Summary summary() {
      return new Summary(runs, byName(points), byName(restartPoints), violations);
    }

    private static Map<String, Long> byName(EnumMap<Operation, Long> counts) {
      TreeMap<String, Long> named = new TreeMap<>();
      counts.forEach((operation, count) -> named.put(operation.name(), count));
      return named;
    }
  }

  /** {@code SEED [THREADS]}: all of it. */
  public static void main(String[] args) {
    CrashPoints crashes = new CrashPoints(Long.parseLong(args[0]));
    int threads =
        args.length > 1 ? Integer.parseInt(args[1]) : Runtime.getRuntime().availableProcessors();
    Summary summary = crashes.runAll(threads, runs -> System.out.println(runs + " runs"));
    summary.violations().forEach((point, what) -> System.out.println(point + ": " + what));
    System.out.printf(
        "%d runs, crash points %s, in restarts %s, %d violations%n",
        summary.runs(), summary.points(), summary.restartPoints(), summary.violations().size());
  }
}
