package org.quorate.node.simulation;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Runs that do not depend on chance: each has a number from 0 to {@link #size()} − 1, and the same
 * number is always the same run. Consecutive numbers are far apart, so any range is a sample of the
 * whole.
 */
public abstract sealed class Enumerated permits Twins, CrashPoints {
  /**
   * What came of the runs.
   *
   * @param numbers how many were looked at
   * @param runs how many of them were run; the others are the same as one of these
   * @param blocks how many were decided
   * @param millis virtual time of all together
   * @param counts in how many runs something happened, by what it is; nothing stands at 0
   * @param violations what happened that never may, by numbers: the lowest of them
   * @param violationCount how many runs broke a rule
   */
  public record Summary(
      long numbers,
      long runs,
      long blocks,
      long millis,
      Map<String, Long> counts,
      Map<Long, String> violations,
      long violationCount) {
    /** In how many runs that happened. */
    public long count(String what) {
      return counts.getOrDefault(what, 0L);
    }
  }

  /** Follows the runs. Any thread calls it. */
  public interface Observer {
    /** So many numbers are done. */
    default void done(long numbers) {}

    /** The run of a number broke a rule. */
    default void violated(long number, String what) {}
  }

  /** How many numbers there are. */
  public abstract long size();

  /** What the run of a number is about, in a line. */
  abstract String name(long number);

  /**
   * Makes the run of a number and has it counted, if it is not the same as another's.
   *
   * @throws Violation if it ends in one
   */
  abstract void run(long number, Consumer<String> lines, Tally tally);

  /**
   * Makes the runs of a range of numbers.
   *
   * @param from the first number
   * @param to the last number plus one, at most {@link #size()}
   * @param threads how many run at a time
   */
  public final Summary run(long from, long to, int threads, Observer observer) {
    if (from < 0 || from > to || to > size()) {
      throw new IllegalArgumentException(
          "runs are numbered from 0 to " + (size() - 1) + ", not " + from + " to " + to);
    }
    Tally tally = new Tally();
    new Workers(threads)
        .run(
            LongStream.range(from, to),
            number -> {
              run(number, tally, line -> {}, observer);
              observer.done(tally.numbers());
            });
    return tally.summary();
  }

  /** Makes one run and hands every line of its trace to {@code lines}. */
  public final Summary trace(long number, Consumer<String> lines) {
    lines.accept(number + ": " + name(number));
    Tally tally = new Tally();
    run(number, tally, lines, new Observer() {});
    return tally.summary();
  }

  private void run(long number, Tally tally, Consumer<String> lines, Observer observer) {
    try {
      run(number, lines, tally);
    } catch (Violation e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      String what = name(number) + ": " + first;
      tally.violated(number, what);
      observer.violated(number, what);
    }
    tally.done();
  }
}
