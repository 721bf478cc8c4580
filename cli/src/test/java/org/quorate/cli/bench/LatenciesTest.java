package org.quorate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LatenciesTest {
  @Test
  void percentilesAreThoseOfTheNearestRank() {
    Latencies latencies = new Latencies();
    for (int millis = 100_000; millis >= 1; millis--) {
      latencies.add(millis * 1_000_000L);
    }

    assertThat(latencies.percentileMillis(50)).isEqualTo(50_000);
    assertThat(latencies.percentileMillis(99)).isEqualTo(99_000);
    assertThat(latencies.percentileMillis(100)).isEqualTo(100_000);
    assertThat(latencies.percentileMillis(0)).isEqualTo(1);
  }

  @Test
  void nothingMeasuredHasNoLatency() {
    assertThat(new Latencies().percentileMillis(50)).isZero();
  }
}
