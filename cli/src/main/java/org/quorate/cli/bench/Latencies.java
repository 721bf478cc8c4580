package org.quorate.cli.bench;

import java.util.Arrays;

/** Every latency of a run, so that percentiles are exact. Owned by one thread. */
final class Latencies {
  private long[] nanos = new long[1 << 16];
  private int count;

  void add(long latencyNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = latencyNanos;
  }

  int count() {
    return count;
  }

  /**
   * The smallest latency, in milliseconds, that {@code percent} of all do not exceed (nearest
   * rank); 0 if there are none.
   */
  double percentileMillis(double percent) {
    if (count == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * count);
    return sorted[Math.max(1, rank) - 1] / 1e6;
  }
}
