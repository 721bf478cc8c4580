package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.simulation.DiskFault.Operation;

/**
 * Every operation of a node's disks, in a run of one hundred blocks, is a point where it dies: each
 * write, sync and rename of the journal and each batch of the store. After it has come back nothing
 * that it signs may contradict what it signed before, and its ledger must become equal to the
 * others'.
 */
public final class CrashPoints extends Enumerated {
  /** Of the run that all crash points are in. */
  private static final long SEED = 7;

  /** The first is over before anybody loses patience, the second brings another primary. */
  private static final int[] OUTAGES_MILLIS = {20, 500};

  private static final Tear[] TEARS = {Tear.NOTHING_KEPT, Tear.SECTORS_KEPT, Tear.ALL_KEPT};

  /** A start does fewer operations; the last few are the first of the second life. */
  private static final int RESTART_OPERATIONS = 12;

  /** Of so many deaths one is followed by a second. */
  private static final int RESTART_STRIDE = 7;

  private final Set<Fault> faults;
  private final List<CrashPoint> points;
  private final Spread spread;

  private CrashPoints(Set<Fault> faults, List<CrashPoint> points) {
    this.faults = faults;
    this.points = List.copyOf(points);
    this.spread = new Spread(points.size());
  }

  /**
   * All operations of all nodes, with each tear and outage, and restarts that die again after one
   * operation in seven. Makes some runs to find how many there are.
   */
  public static CrashPoints all() {
    List<CrashPoint> all = new ArrayList<>();
    for (int replica = 0; replica < CrashRun.N; replica++) {
      long operations = operations(replica, Set.of());
      for (int variant = 0; variant < TEARS.length * OUTAGES_MILLIS.length; variant++) {
        for (long operation = 0; operation < operations; operation++) {
          all.add(point(replica, operation, variant));
        }
      }
      all.addAll(restarts(replica, operations, RESTART_STRIDE));
    }
    return new CrashPoints(Set.of(), all);
  }

  /**
   * Each operation of a node once, with tears and outages by turns.
   *
   * @param faults what else is broken
   */
  static CrashPoints each(int replica, Set<Fault> faults) {
    List<CrashPoint> each = new ArrayList<>();
    long operations = operations(replica, faults);
    for (long operation = 0; operation < operations; operation++) {
      each.add(point(replica, operation, operation));
    }
    return new CrashPoints(faults, each);
  }

  /** Of every so many operations of a node one, and then each of the first of its restart. */
  static CrashPoints restarts(int replica, int stride) {
    return new CrashPoints(Set.of(), restarts(replica, operations(replica, Set.of()), stride));
  }

  private static List<CrashPoint> restarts(int replica, long operations, int stride) {
    List<CrashPoint> all = new ArrayList<>();
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

  /** How many operations the disks of a node do in the run when it does not die. */
  private static long operations(int replica, Set<Fault> faults) {
    return new CrashRun(SEED, point(replica, Long.MAX_VALUE / 2, 0), faults, line -> {})
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

  @Override
  public long size() {
    return points.size();
  }

  private CrashPoint point(long number) {
    return points.get((int) spread.place(number));
  }

  @Override
  String name(long number) {
    return point(number).toString();
  }

  @Override
  void run(long number, Consumer<String> lines, Tally tally) {
    CrashRun.Outcome outcome = new CrashRun(SEED, point(number), faults, lines).run();
    tally.ran(outcome.result());
    outcome.diedAt().ifPresent(at -> tally.count(died(at)));
    outcome.diedAgainAt().ifPresent(at -> tally.count(diedAgain(at)));
  }

  /** How runs are counted in which the node died instead of such an operation. */
  static String died(Operation at) {
    return "died at a " + word(at);
  }

  /** Likewise, in its second life. */
  static String diedAgain(Operation at) {
    return "died again at a " + word(at);
  }

  private static String word(Operation operation) {
    return operation.name().toLowerCase(Locale.ROOT);
  }
}
