package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Crash points: {@code -Dquorate.crashPoints=true} runs all of them. */
final class CrashPointsTest {
  private static final long SEED = 7;
  private static final int PRIMARY = 0;
  private static final int BACKUP = 1;
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private static CrashPoints.Summary run(CrashPoints crashes, List<CrashPoint> points) {
    CrashPoints.Summary summary = crashes.run(points, THREADS, runs -> {});
    System.out.println("crash points: " + summary);
    return summary;
  }

  @Test
  void aPrimaryThatDiesAtAnyOperationOfItsDisksKeepsItsPromises() {
    CrashPoints crashes = new CrashPoints(SEED);
    List<CrashPoint> each = crashes.each(PRIMARY);
    CrashPoints.Summary summary = run(crashes, each);
    assertThat(summary.violations()).isEmpty();
    assertThat(summary.points()).containsOnlyKeys("WRITE", "SYNC", "RENAME", "STORE");
    assertThat(summary.points().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(each.size());
  }

  @Test
  void aNodeThatDiesAgainAsItRestartsKeepsItsPromises() {
    CrashPoints crashes = new CrashPoints(SEED);
    CrashPoints.Summary summary = run(crashes, crashes.restarts(BACKUP, 60));
    assertThat(summary.violations()).isEmpty();
    assertThat(summary.restartPoints()).containsKeys("WRITE", "SYNC", "STORE");
  }

  @Test
  void aDiskThatSaysItHasSyncedAndHasNotIsFound() {
    CrashPoints crashes = new CrashPoints(SEED, EnumSet.of(Fault.LYING_DISK));
    assertThat(run(crashes, crashes.each(PRIMARY).subList(0, 60)).violations().values())
        .anyMatch(violation -> violation.contains("broke a rule"));
  }

  @Test
  @EnabledIfSystemProperty(named = "quorate.crashPoints", matches = "true")
  void everyNodeThatDiesAtAnyOperationInAnyWayKeepsItsPromises() {
    CrashPoints.Summary summary = new CrashPoints(SEED).runAll(THREADS, System.out::println);
    System.out.println("crash points: " + summary);
    assertThat(summary.violations()).isEmpty();
  }
}
