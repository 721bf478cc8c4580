package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quorate.node.simulation.DiskFault.Operation;

/** A sample of the crash points; {@code quorate simulate --crash-points} runs all of them. */
final class CrashPointsTest {
  private static final int PRIMARY = 0;
  private static final int BACKUP = 1;
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private static Enumerated.Summary run(CrashPoints crashes, long to) {
    Enumerated.Summary summary = crashes.run(0, to, THREADS, new Enumerated.Observer() {});
    System.out.println("crash points: " + summary);
    return summary;
  }

  @Test
  void aPrimaryThatDiesAtAnyOperationOfItsDisksKeepsItsPromises() {
    CrashPoints each = CrashPoints.each(PRIMARY, Set.of());
    Enumerated.Summary summary = run(each, each.size());
    assertThat(summary.violations()).isEmpty();
    assertThat(Operation.values()).allMatch(at -> summary.count(CrashPoints.died(at)) > 0);
    assertThat(
            Arrays.stream(Operation.values())
                .mapToLong(at -> summary.count(CrashPoints.died(at)))
                .sum())
        .isEqualTo(each.size());
  }

  @Test
  void aNodeThatDiesAgainAsItRestartsKeepsItsPromises() {
    CrashPoints restarts = CrashPoints.restarts(BACKUP, 60);
    Enumerated.Summary summary = run(restarts, restarts.size());
    assertThat(summary.violations()).isEmpty();
    assertThat(EnumSet.of(Operation.WRITE, Operation.SYNC, Operation.STORE))
        .allMatch(at -> summary.count(CrashPoints.diedAgain(at)) > 0);
  }

  @Test
  void aDiskThatSaysItHasSyncedAndHasNotIsFound() {
    CrashPoints crashes = CrashPoints.each(PRIMARY, EnumSet.of(Fault.LYING_DISK));
    assertThat(run(crashes, 60).violations().values())
        .anyMatch(violation -> violation.contains("broke a rule"));
  }
}
