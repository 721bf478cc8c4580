package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how fast a node far behind catches up, and what that costs the others: {@code
 * -Dtest=CatchUpMeasurement -Dquorate.measure=true}, and {@code -Dquorate.behind=10000} for how
 * far, {@code -Dquorate.times=3} for how often: the first time much is still being compiled. Three
 * nodes of four run in this process under the load of sixteen clients, as fast as they can or
 * {@code -Dquorate.rate=600} transactions a second; the fourth is a process of its own.
 *
 * <p>Validators on machines of their own do not share processors and disks. With {@code
 * -Dquorate.apart=true} the one that catches up does not either: this process keeps to processor 0,
 * the other to the rest, and has its data folder in memory ({@code /dev/shm}). Without, it gets
 * what processor time the others leave.
 */
@EnabledIfSystemProperty(named = "quorate.measure", matches = "true")
final class CatchUpMeasurement {
  private static final int CLIENTS = 16;
  private static final int LAGGARD = 3;
  private static final int CALM_SECONDS = 30;
  private static final int RATE = Integer.getInteger("quorate.rate", 0);

  /** Counted before this process keeps to one. */
  private static final int LAST_PROCESSOR = Runtime.getRuntime().availableProcessors() - 1;

  private static final boolean APART = Boolean.getBoolean("quorate.apart");
  private static final long BEHIND = Long.getLong("quorate.behind", 10_000);
  private static final int TIMES = Integer.getInteger("quorate.times", 1);

  @TempDir private Path folder;

  @BeforeAll
  static void keepToOneProcessorIfTheOtherIsToBeApart() throws Exception {
    if (APART) {
      long self = ProcessHandle.current().pid();
      Process taskset = new ProcessBuilder("taskset", "-acp", "0", Long.toString(self)).start();
      assertThat(taskset.waitFor()).as("taskset, of util-linux").isZero();
    }
  }

  @Test
  void aNodeFarBehindCatchesUpUnderLoad() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 4)) {
      for (int i = 0; i < LAGGARD; i++) {
        network.start(i);
      }
      for (int i = 0; i < LAGGARD; i++) {
        network.awaitReady(i);
      }
      if (APART) {
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "quorate");
        Files.createSymbolicLink(network.config(LAGGARD).dataDir(), memory);
      }
      try (ClosedLoop load = new ClosedLoop(network, LAGGARD, CLIENTS, RATE)) {
        for (int time = 0; time < TIMES; time++) {
          long from = height(network);
          while (height(network) < from + BEHIND) {
            TimeUnit.SECONDS.sleep(1);
          }
          Interval before = sample(load, () -> false, CALM_SECONDS);
          catchUp(network, load, before, from);
        }
      } finally {
        if (APART) {
          removeMemory(network.config(LAGGARD).dataDir().toRealPath());
        }
      }
    }
  }

  private void catchUp(TestNetwork network, ClosedLoop load, Interval before, long from)
      throws Exception {
    Process laggard =
        APART
            ? network.startProcess(LAGGARD, NodeMain.class, "taskset", "-c", "1-" + LAST_PROCESSOR)
            : network.startProcess(LAGGARD, NodeMain.class, "chrt", "--idle", "0");
    try {
      long start = System.nanoTime();
      Interval during = sample(load, () -> isReady(network), 600);
      double seconds = (System.nanoTime() - start) / 1e9;
      Duration cpu = laggard.info().totalCpuDuration().orElse(Duration.ZERO);
      long behind = height(network) - from;
      System.out.printf(
          "%d blocks behind: ready after %.1f s, %.0f blocks/s, %.1f s of processor time%n",
          behind, seconds, behind / seconds, cpu.toMillis() / 1e3);
      Interval after = sample(load, () -> false, CALM_SECONDS);
      before.print("before");
      during.print("while it caught up");
      after.print("after");
    } finally {
      laggard.destroy();
      laggard.waitFor();
    }
  }

  private static void removeMemory(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /**
   * What the three and their clients did.
   *
   * @param rates transactions executed in each second
   * @param latenciesNanos of each transaction from its submission to its receipt, rising
   * @param millisEach processor time of this process for a transaction, whatever else runs here
   */
  private record Interval(List<Double> rates, List<Long> latenciesNanos, double millisEach) {
    void print(String when) {
      List<Double> sorted = rates.stream().sorted().toList();
      System.out.printf(
          "the others, %s: median %.0f transactions/s of %d seconds, quartiles %.0f and %.0f;"
              + " latency p50 %.1f ms, p99 %.1f ms; %.3f ms of processor time for a transaction%n",
          when,
          sorted.get(sorted.size() / 2),
          sorted.size(),
          sorted.get(sorted.size() / 4),
          sorted.get(sorted.size() * 3 / 4),
          latenciesNanos.get(latenciesNanos.size() / 2) / 1e6,
          latenciesNanos.get(latenciesNanos.size() * 99 / 100) / 1e6,
          millisEach);
    }
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long height(TestNetwork network) {
    return network.node(0).ledger().checkpoint().height();
  }

  /** Whether something is over. */
  private interface End {
    boolean reached() throws Exception;
  }

  private static Interval sample(ClosedLoop load, End end, int secondsMax) throws Exception {
    List<Double> rates = new ArrayList<>();
    long processorStart = processorNanos();
    long executedStart = load.executed();
    load.takeLatenciesNanos();
    while (rates.size() < secondsMax && !end.reached()) {
      long executed = load.executed();
      long start = System.nanoTime();
      TimeUnit.SECONDS.sleep(1);
      rates.add((load.executed() - executed) / ((System.nanoTime() - start) / 1e9));
    }
    double millis = (processorNanos() - processorStart) / 1e6;
    double millisEach = millis / (double) (load.executed() - executedStart);
    return new Interval(rates, load.takeLatenciesNanos(), millisEach);
  }

  private static boolean isReady(TestNetwork network) throws InterruptedException {
    try {
      return network.get(LAGGARD, "/ready").statusCode() == 200;
    } catch (IOException e) {
      return false; // it does not listen yet
    }
  }
}
