package org.quorate.node.journal;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Prints how long an append takes: {@code -Dtest=JournalMeasurement -Dquorate.measure=true}. */
@EnabledIfSystemProperty(named = "quorate.measure", matches = "true")
final class JournalMeasurement {
  private static final int APPENDS = 5_000;

  @TempDir private Path directory;

  @Test
  void appends() throws Exception {
    for (int bytes : new int[] {200, 4_096, 200_000}) {
      byte[] record = new byte[bytes];
      new Random(1).nextBytes(record);
      long[] nanos = new long[APPENDS];
      try (Journal journal = Journal.open(directory).journal()) {
        journal.rewrite(List.of());
        for (int i = 0; i < APPENDS; i++) {
          long begin = System.nanoTime();
          journal.append(List.of(record));
          nanos[i] = System.nanoTime() - begin;
          if (journal.bytes() > 64 << 20) {
            journal.rewrite(List.of());
          }
        }
      }
      Arrays.sort(nanos);
      System.out.printf(
          "journal append of %d bytes: p50 %.3f ms, p99 %.3f ms, max %.3f ms%n",
          bytes,
          nanos[APPENDS / 2] / 1e6,
          nanos[APPENDS * 99 / 100] / 1e6,
          nanos[APPENDS - 1] / 1e6);
    }
  }
}
