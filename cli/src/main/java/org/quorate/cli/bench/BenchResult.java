package org.quorate.cli.bench;

/**
 * What a run measured.
 *
 * @param seconds how long was counted
 * @param executed transactions that f+1 nodes reported as executed in that time
 * @param failed transactions of the whole run, warm-up included, that were refused by f+1 nodes,
 *     executed with another outcome, or not executed in time
 * @param signedLate transactions of the whole run that were signed only when they were due, because
 *     all those signed ahead of time were used up
 */
public record BenchResult(
    double seconds,
    long executed,
    long blocks,
    long failed,
    long signedLate,
    double p50Millis,
    double p95Millis,
    double p99Millis,
    double maxMillis) {
  /** Executed transactions in a second. */
  public double transactionsPerSecond() {
    return seconds == 0 ? 0 : executed / seconds;
  }
}
