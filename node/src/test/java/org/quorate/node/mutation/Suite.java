package org.quorate.node.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.discovery.PackageNameFilter;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.quorate.node.simulation.Campaign;

/**
 * Runs, in a process of its own, what a change of the protocol's code has to pass: the tests that
 * need neither sockets nor time, or the simulator. Ends with the first failure.
 */
final class Suite {
  /**
   * Fuzz tests need an agent; what opens sockets or waits is not for forty runs; the simulator's
   * seeds are run one by one, and whether it can fail is another question.
   */
  private static final String[] CLASSES_LEFT_OUT = {
    ".*Fuzz.*", ".*\\.SimulationTest", ".*\\.SimulatorCanFailTest",
    ".*\\.NodeTest", ".*\\.NodeStartTest", ".*\\.EquivocatorTest"
  };

  private static final String[] PACKAGES_LEFT_OUT = {
    "org.quorate.node.mutation", "org.quorate.node.api", "org.quorate.node.peer"
  };

  private final Launcher launcher = LauncherFactory.create();

  private Suite() {}

  /**
   * Writes {@code caught} and by what, or {@code survived}.
   *
   * @param arguments the file to write to, then {@code tests} and a module, whose folder the
   *     process is in, or {@code seeds} and their number
   */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(
        Path.of(arguments[0]), failure(arguments).map("caught "::concat).orElse("survived"));
    System.exit(0); // whatever threads a broken node has left behind
  }

  private static Optional<String> failure(String[] arguments) {
    try {
      return arguments[1].equals("tests")
          ? new Suite().failure(arguments[2])
          : violation(Long.parseLong(arguments[2]));
    } catch (OutOfMemoryError e) {
      // No test may hold it back. A broken node believes a length that nobody has checked.
      return Optional.of(e.toString());
    }
  }

  /** The first of so many seeds that breaks a rule or does not go on, and how. */
  private static Optional<String> violation(long seeds) {
    Campaign campaign = new Campaign(0, Set.of(), 0);
    return LongStream.range(0, seeds)
        .mapToObj(seed -> campaign.trace(seed, line -> {}))
        .flatMap(summary -> summary.failures().stream())
        .findFirst()
        .map(
            failure ->
                "seed "
                    + failure.seed()
                    + ": "
                    + failure.description().lines().findFirst().orElse(""));
  }

  /** The first failure in a module. */
  private Optional<String> failure(String module) {
    return testsOf(module).stream().flatMap(test -> failure(test).stream()).findFirst();
  }

  /** The test classes of a module. */
  private List<TestIdentifier> testsOf(String module) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(Project.testClasses(module))))
            .filters(
                ClassNameFilter.includeClassNamePatterns(".*Test"),
                ClassNameFilter.excludeClassNamePatterns(CLASSES_LEFT_OUT),
                PackageNameFilter.excludePackageNames(PACKAGES_LEFT_OUT))
            .build();
    TestPlan plan = launcher.discover(request);
    return plan.getRoots().stream().flatMap(engine -> plan.getChildren(engine).stream()).toList();
  }

  /** The first failure in a test class. */
  private Optional<String> failure(TestIdentifier testClass) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectUniqueId(testClass.getUniqueId()))
            .build();
    FirstFailure first = new FirstFailure();
    launcher.execute(request, first);
    return first.test.map(test -> testClass.getDisplayName() + "." + test);
  }

  private static final class FirstFailure implements TestExecutionListener {
    private Optional<String> test = Optional.empty();

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
      if (test.isEmpty() && result.getStatus() == TestExecutionResult.Status.FAILED) {
        test = Optional.of(identifier.getDisplayName());
      }
    }
  }
}
