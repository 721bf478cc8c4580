package org.quorate.node.simulation;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.quorate.node.simulation.TwinScenarios.Rounds;

/**
 * Twins (Bano et al., Twins: BFT Systems Made Robust, OPODIS 2021): a replica that runs as two
 * processes with one key, both correct, does what a Byzantine replica can, and systematically. Four
 * replicas, the first of them twins, go through every scenario of so many rounds; each round has
 * one of the 41 partitions of the five processes into at most three groups, one of the four
 * primaries, and one of four reaches of agreement within a group: 656 rounds. In 252 of them the
 * primary has a quorum in its group; scenarios of those alone are a space of their own, in which
 * more happens.
 *
 * <p>Scenarios are numbered from 0 to {@link #size()} − 1. Consecutive numbers are far apart, so
 * any range is a sample of the whole. A number whose scenario differs from another's only by the
 * names of the processes is counted and not run. The same number is always the same run.
 */
public final class Twins {
  private static final int REPLICAS = 4;
  private static final int VIOLATIONS_KEPT_MAX = 20;

  private final TwinScenarios scenarios;
  private final int twins;

  /**
   * @param rounds 1 to 6
   */
  public Twins(int rounds) {
    this(rounds, 1, Rounds.ALL);
  }

  /** Only scenarios in which the primary of every round can bring about something. */
  public static Twins withQuorums(int rounds) {
    return new Twins(rounds, 1, Rounds.WITH_QUORUM);
  }

  /**
   * @param twins how many of the replicas are twins; more than one is more than the chain bears
   */
  Twins(int rounds, int twins, Rounds kind) {
    if (rounds < 1 || rounds > 6) {
      throw new IllegalArgumentException("twins run in 1 to 6 rounds, not " + rounds);
    }
    this.twins = twins;
    this.scenarios = new TwinScenarios(REPLICAS, twins, rounds, kind);
  }

  /**
   * What was run.
   *
   * @param numbers how many
   * @param scenarios how many of them were run; the others are the same as some
   * @param distinct how many different ways they went: where the processes stood after each round
   * @param equivocated scenarios in which a correct replica could prove that the twins contradict
   *     each other
   * @param progressed scenarios in which a block became final before the network healed
   * @param virtualMillis how long all of it took in virtual time
   * @param violations by number, the first of them; empty if all is well
   * @param violationCount how many there were
   */
  public record Summary(
      long numbers,
      long scenarios,
      long distinct,
      long equivocated,
      long progressed,
      long virtualMillis,
      Map<Long, String> violations,
      long violationCount) {}

  /** How many numbers there are. */
  public long size() {
    return scenarios.size();
  }

  /**
   * Runs a range of scenarios.
   *
   * @param from the first number
   * @param to the last number plus one, at most {@link #size()}
   * @param threads how many run at a time
   * @param progress is told how many numbers are done, now and then, by any thread
   */
  public Summary run(long from, long to, int threads, LongConsumer progress) {
    if (from < 0 || from > to || to > size()) {
      throw new IllegalArgumentException(
          "scenarios are numbered from 0 to " + (size() - 1) + ", not " + from + " to " + to);
    }
    Tally tally = new Tally(progress);
    new Workers(threads).run(LongStream.range(from, to), number -> run(number, tally));
    return tally.summary();
  }

  private void run(long number, Tally tally) {
    Optional<TwinScenario> scenario = scenarios.scenario(number);
    if (scenario.isPresent()) {
      try {
        tally.ran(new TwinRun(number, REPLICAS, twins, scenario.get(), line -> {}).run());
      } catch (Violation e) {
        tally.violated(
            number, scenario.get() + ": " + e.getMessage().lines().findFirst().orElse(""));
      }
    }
    tally.done();
  }

  /**
   * Runs one scenario and hands every line of its trace to {@code lines}.
   *
   * @throws Violation if it ends in one
   */
  public void trace(long number, Consumer<String> lines) {
    Optional<TwinScenario> scenario = scenarios.scenario(number);
    if (scenario.isEmpty()) {
      lines.accept("scenario " + number + " is the same as another and is not run");
      return;
    }
    lines.accept("scenario " + number + ": " + scenario.get());
    new TwinRun(number, REPLICAS, twins, scenario.get(), lines).run();
  }

  /** What comes of the scenarios, from many threads. */
  private static final class Tally {
    private static final int PROGRESS_NUMBERS = 1_000;

    private final LongConsumer progress;
    private final Set<Long> behaviours = new HashSet<>();
    private final Map<Long, String> violations = new LinkedHashMap<>();
    private long numbers;
    private long scenarios;
    private long equivocated;
    private long progressed;
    private long virtualMillis;
    private long violationCount;

    Tally(LongConsumer progress) {
      this.progress = progress;
    }

    synchronized void ran(TwinRun.Outcome outcome) {
      scenarios++;
      behaviours.add(outcome.behaviour());
      equivocated += outcome.contradictions() > 0 ? 1 : 0;
      progressed += outcome.heightBeforeCalm() > 0 ? 1 : 0;
      virtualMillis += outcome.result().millis();
    }

    synchronized void violated(long number, String what) {
      scenarios++;
      violationCount++;
      if (violations.size() < VIOLATIONS_KEPT_MAX) {
        violations.put(number, what);
      }
    }

    synchronized void done() {
      if (++numbers % PROGRESS_NUMBERS == 0) {
        progress.accept(numbers);
      }
    }

    synchronized Summary summary() {
      return new Summary(
          numbers,
          scenarios,
          behaviours.size(),
          equivocated,
          progressed,
          virtualMillis,
          violations,
          violationCount);
    }
  }

  /** A space as people write it: so many rounds, and q if all are to have quorums. */
  private static Twins space(String name) {
    return name.endsWith("q")
        ? withQuorums(Integer.parseInt(name.substring(0, name.length() - 1)))
        : new Twins(Integer.parseInt(name));
  }

  /**
   * {@code SPACE FROM TO [THREADS]}, or {@code SPACE NUMBER} for the trace of one scenario; the
   * space is {@code 3} for all scenarios of three rounds, {@code 3q} for those with quorums.
   */
  public static void main(String[] args) {
    Twins twins = space(args[0]);
    long from = Long.parseLong(args[1]);
    if (args.length == 2) {
      twins.trace(from, System.out::println);
      return;
    }
    long to = Math.min(Long.parseLong(args[2]), twins.size());
    int threads =
        args.length > 3 ? Integer.parseInt(args[3]) : Runtime.getRuntime().availableProcessors();
    Summary summary =
        twins.run(from, to, threads, done -> System.out.println(done + " of " + (to - from)));
    summary.violations().forEach((number, what) -> System.out.println(number + ": " + what));
    System.out.printf(
        "%d of %d numbers, %d scenarios run, %d distinct, %d with proven equivocation, %d with"
            + " blocks before the network healed, %.1f virtual hours, %d violations%n",
        summary.numbers(),
        twins.size(),
        summary.scenarios(),
        summary.distinct(),
        summary.equivocated(),
        summary.progressed(),
        summary.virtualMillis() / 3.6e6,
        summary.violationCount());
  }
}
