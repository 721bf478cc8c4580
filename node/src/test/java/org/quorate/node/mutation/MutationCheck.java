package org.quorate.node.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quorate.node.mutation.MutationReport.Line;
import org.quorate.node.mutation.Verdict.Survived;

/**
 * Puts each mutant into the code and runs the suite against it, by hand: {@code
 * -Dtest=MutationCheck}; consensus/README.md says more. {@code -Dquorate.mutants=07,23} takes only
 * those whose names begin so, {@code -Dquorate.mutants.by=simulator} leaves the tests out, {@code
 * -Dquorate.seeds=N} lets the simulator run N seeds at most.
 */
final class MutationCheck {
  private static final long SEEDS = 1_000;

  /** So many may survive, none of them one that endangers safety. */
  private static final int SURVIVORS_MAX = 2;

  private static final int PROCESSES = 2;
  private static final int TRIAL_MINUTES_MAX = 20;
  private static final List<String> ALL_MODULES = List.of("ledger", "consensus", "node");

  private final Path folder = Project.root().resolve("node/target/mutants");
  private final long seeds = Long.getLong("quorate.seeds", SEEDS);
  private final boolean bySimulatorAlone =
      System.getProperty("quorate.mutants.by", "").equals("simulator");

  @Test
  void theSuiteFailsOnEveryMutantThatEndangersSafetyAndOnNearlyAllOthers() throws Exception {
    empty(folder);
    ExecutorService processes = Executors.newFixedThreadPool(PROCESSES);
    try {
      Future<Verdict> asItIs = processes.submit(() -> trial("as-it-is").asItIs(tests(ALL_MODULES)));
      List<Future<Line>> running = new ArrayList<>();
      for (Mutant mutant : chosen()) {
        running.add(processes.submit(() -> line(mutant)));
      }
      List<Line> lines = new ArrayList<>();
      for (Future<Line> line : running) {
        lines.add(line.get());
        System.out.println(line.get());
      }
      assertThat(asItIs.get())
          .as("the suite on the code as it is: if that fails, everything seems to be caught")
          .isEqualTo(new Survived());
      MutationReport report = new MutationReport(lines);
      Files.writeString(folder.resolve("report.txt"), report.toString());
      System.out.println(report.caught() + " of " + lines.size() + " mutants caught");
      assertThat(report.missedSafety()).isEmpty();
      assertThat(report.missed()).hasSizeLessThanOrEqualTo(SURVIVORS_MAX);
    } finally {
      processes.shutdownNow();
    }
  }

  private static List<Mutant> chosen() {
    List<String> prefixes = List.of(System.getProperty("quorate.mutants", "").split(","));
    return Project.mutants().stream()
        .filter(mutant -> prefixes.stream().anyMatch(mutant.name()::startsWith))
        .toList();
  }

  private Trial trial(String name) {
    return new Trial(folder.resolve(name), seeds, TRIAL_MINUTES_MAX);
  }

  private Line line(Mutant mutant) throws IOException, InterruptedException {
    long start = System.nanoTime();
    // The tests of the module itself and of those that stand on it.
    int first = ALL_MODULES.indexOf(mutant.module());
    List<String> modules = ALL_MODULES.subList(first, ALL_MODULES.size());
    Verdict verdict = trial(mutant.name()).of(mutant, tests(modules));
    return new Line(mutant, verdict, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
  }

  private List<String> tests(List<String> modules) {
    return bySimulatorAlone ? List.of() : modules;
  }

  private static void empty(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Files.createDirectories(folder);
  }
}
