package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Many runs of the simulator, and what came of them: the way in for the command line. Not safe for
 * use by several threads; uses some itself.
 */
public final class Campaign {
  private final int validators;
  private final FaultChoice choice;
  private final long millisMin;

  /**
   * @param validators of each chain, 1 to 31; 0 for as many as each seed says, mostly 4 and 7
   * @param faults by their {@link #faults names}; empty for all
   * @param millisMin the virtual time that a run has at least: storms with quiet times in between;
   *     0 for one storm
   * @throws IllegalArgumentException if one of them is out of range or unknown; says which
   */
  public Campaign(int validators, Collection<String> faults, long millisMin) {
    if (validators < 0 || validators > VALIDATORS_MAX) {
      throw new IllegalArgumentException("1 to " + VALIDATORS_MAX + " validators can be simulated");
    }
    this.validators = validators;
    this.choice = faults.isEmpty() ? FaultChoice.everything() : FaultChoice.of(faults);
    this.millisMin = millisMin;
  }

  /** The most validators that are simulated; more are only slower. */
  public static final int VALIDATORS_MAX = 31;

  /** The names of all faults. */
  public static Set<String> faults() {
    return FaultChoice.words();
  }

  /**
   * A run that went wrong.
   *
   * @param seed runs it again
   * @param description what happened, in many lines: the violation first, then the last of the
   *     trace
   */
  public record Failure(long seed, String description) {}

  /**
   * What came of all runs.
   *
   * @param runs how many were made
   * @param millis virtual time of all together
   * @param storms how many times faults came, and all was executed after they had gone
   * @param blocks how many were decided
   * @param events of the simulation
   * @param millisAfterStormMax the longest virtual time from the end of a storm until everything
   *     was executed everywhere
   * @param slowRuns how many took longer than ten view timeouts for that, after some storm
   * @param standstills how many storms the chain came out of without going on, as it may when more
   *     validators than f are faulty or have forgotten what they signed
   * @param faults how many of each kind
   * @param traceHash over all runs in order of their seeds: equal if all did the same
   * @param failures the runs that broke a rule, or did not go on
   */
  public record Summary(
      long runs,
      long millis,
      long storms,
      long blocks,
      long events,
      long millisAfterStormMax,
      long slowRuns,
      long standstills,
      Map<String, Long> faults,
      long traceHash,
      List<Failure> failures) {}

  /** Makes one run and hands every line of its trace to {@code lines}. */
  public Summary trace(long seed, Consumer<String> lines) {
    Tally tally = new Tally();
    tally.add(seed, run(seed, lines));
    return tally.summary();
  }

  /** Follows the runs. Any thread calls it. */
  public interface Observer {
    /** Whether another run may begin. */
    default boolean goesOn() {
      return true;
    }

    /** So many are done. */
    default void done(long runs) {}

    /** One went wrong, and is among those. */
    default void failed(Failure failure) {}
  }

  /**
   * Makes the runs of {@code count} seeds from {@code first} on, as far as {@code observer} lets.
   */
  public Summary run(long first, long count, int threads, Observer observer)
      throws InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Tally>> shares = new ArrayList<>();
      AtomicLong next = new AtomicLong();
      AtomicLong done = new AtomicLong();
      for (int i = 0; i < threads; i++) {
        shares.add(
            workers.submit(
                () -> {
                  Tally tally = new Tally();
                  while (observer.goesOn()) {
                    long number = next.getAndIncrement();
                    if (number >= count) {
                      break;
                    }
                    Outcome outcome = run(first + number, Trace.NOBODY);
                    tally.add(first + number, outcome);
                    if (outcome instanceof Outcome.Failed failed) {
                      observer.failed(failed.of(first + number));
                    }
                    observer.done(done.incrementAndGet());
                  }
                  return tally;
                }));
      }
      Tally all = new Tally();
      for (Future<Tally> share : shares) {
        all.add(share.get());
      }
      return all.summary();
    } catch (ExecutionException e) {
      throw new AssertionError("the simulator itself failed", e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }

  private sealed interface Outcome {
    record Ended(Simulation.Result result) implements Outcome {}

    record Failed(Violation violation) implements Outcome {
      Failure of(long seed) {
        return new Failure(seed, String.valueOf(violation.getMessage()));
      }
    }
  }

  private Outcome run(long seed, Consumer<String> lines) {
    try {
      Configuration configuration = Configuration.of(seed, validators, choice);
      return new Outcome.Ended(new Simulation(configuration, lines).run(millisMin));
    } catch (Violation e) {
      return new Outcome.Failed(e);
    }
  }

  /** Sums up. Owned by one thread. */
  private static final class Tally {
    private long runs;
    private long millis;
    private long storms;
    private long blocks;
    private long events;
    private long millisAfterStormMax;
    private long slowRuns;
    private long standstills;
    private final FaultCounts faults = new FaultCounts();
    private final TreeMap<Long, Long> traceHashes = new TreeMap<>();
    private final List<Failure> failures = new ArrayList<>();

    void add(long seed, Outcome outcome) {
      runs++;
      if (outcome instanceof Outcome.Ended ended) {
        Simulation.Result result = ended.result();
        millis += result.millis();
        storms += result.episodes();
        blocks += result.height();
        events += result.events();
        millisAfterStormMax = Math.max(millisAfterStormMax, result.millisAfterCalm());
        slowRuns += result.timeoutsAfterCalm() > 10 * Simulation.PATIENCE_TIMEOUTS ? 1 : 0;
        standstills += result.standstills();
        faults.addAll(result.faults());
        traceHashes.put(seed, result.traceHash());
      } else if (outcome instanceof Outcome.Failed failed) {
        failures.add(failed.of(seed));
      }
    }

    void add(Tally other) {
      runs += other.runs;
      millis += other.millis;
      storms += other.storms;
      blocks += other.blocks;
      events += other.events;
      millisAfterStormMax = Math.max(millisAfterStormMax, other.millisAfterStormMax);
      slowRuns += other.slowRuns;
      standstills += other.standstills;
      faults.addAll(other.faults);
      traceHashes.putAll(other.traceHashes);
      failures.addAll(other.failures);
    }

    Summary summary() {
      long hash = 0;
      for (long one : traceHashes.values()) {
        hash = 31 * hash + one;
      }
      failures.sort((a, b) -> Long.compare(a.seed(), b.seed()));
      return new Summary(
          runs,
          millis,
          storms,
          blocks,
          events,
          millisAfterStormMax,
          slowRuns,
          standstills,
          Collections.unmodifiableMap(faults.byName()),
          hash,
          List.copyOf(failures));
    }
  }
}
