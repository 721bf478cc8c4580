package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.proof.EvidenceKind;

/**
 * Runs of whole chains: {@code -Dquorate.seeds=N} runs the first N seeds, {@code -Dquorate.seed=S}
 * one alone.
 */
final class SimulationTest {
  private static final long SEEDS = 2_000;

  /** So many runs show each kind of evidence. */
  private static final long SHOWING = 300;

  /** Only more than f faulty replicas make a fork, and only light clients find a divergence. */
  private static final Set<EvidenceKind> SHOWN =
      EnumSet.complementOf(EnumSet.of(EvidenceKind.FORK, EvidenceKind.DIVERGENCE));

  private static final Pattern WHOLE_RANGE =
      Pattern.compile(
          "(r\\d+) <- (r\\d+)[^:]*: FetchCommitted\\[fromHeight=(\\d+), toHeight=(\\d+)]");

  private static LongStream seeds() {
    Long one = Long.getLong("quorate.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.range(0, Long.getLong("quorate.seeds", SEEDS));
  }

  private static Optional<String> violation(long seed, FaultCounts counts) {
    try {
      Configuration configuration = Configuration.of(seed);
      Simulation.Result result = new Simulation(configuration).run();
      synchronized (counts) {
        counts.addAll(result.faults());
      }
      return result.height() > 0 || !configuration.live()
          ? Optional.empty()
          : Optional.of(seed + ": no block at all");
    } catch (Violation e) {
      return Optional.of(seed + ": " + e.getMessage());
    }
  }

  @Test
  void replicasAgreeWhateverHappensAndGoOnWhenItEnds() {
    FaultCounts counts = new FaultCounts();
    List<String> violations =
        seeds()
            .parallel()
            .mapToObj(seed -> violation(seed, counts))
            .flatMap(Optional::stream)
            .toList();
    assertThat(violations).isEmpty();
    if (seeds().count() >= SHOWING) {
      assertThat(SHOWN).allMatch(kind -> counts.of(kind) > 0);
    }
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    for (long seed : new long[] {3, 17, 25, 64}) {
      Simulation.Result first = new Simulation(Configuration.of(seed)).run();
      Simulation.Result second = new Simulation(Configuration.of(seed)).run();
      assertThat(second.traceHash()).isEqualTo(first.traceHash());
      assertThat(second.events()).isEqualTo(first.events());
    }
    assertThat(new Simulation(Configuration.of(4)).run().traceHash())
        .isNotEqualTo(new Simulation(Configuration.of(16)).run().traceHash());
  }

  /** Who was asked for as many blocks as a replica asks for at a time. */
  private static Set<String> askedForWholeRanges(Configuration configuration) {
    Set<String> asked = new TreeSet<>();
    new Simulation(
            configuration,
            line -> {
              Matcher fetch = WHOLE_RANGE.matcher(line);
              if (fetch.find()
                  && Long.parseLong(fetch.group(4)) - Long.parseLong(fetch.group(3)) == 63) {
                asked.add(fetch.group(1));
              }
            })
        .run();
    return asked;
  }

  @Test
  void inSomeRunsANodeFallsSoFarBehindThatItAsksSeveralOthersForBlocks() {
    List<Configuration> lonely =
        LongStream.range(0, 300)
            .mapToObj(Configuration::of)
            .filter(Configuration::isLonely)
            .limit(6)
            .toList();
    assertThat(lonely).hasSize(6);
    assertThat(lonely)
        .extracting(SimulationTest::askedForWholeRanges)
        .filteredOn(asked -> asked.size() >= 2)
        .hasSizeGreaterThanOrEqualTo(2);
  }
}
