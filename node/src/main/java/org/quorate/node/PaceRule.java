package org.quorate.node;

import java.util.ArrayDeque;

/**
 * Finds a primary that lets work wait, but never for as long as the view timeout (PROTOCOL.md, R25;
 * after the expected throughput of Aardvark: Clement et al., NSDI '09, §3). Owned by the replica's
 * thread.
 *
 * <p>Not transactions for each second are counted: those depend on the clients. But a correct
 * primary that has work and no block on its way makes one at once, however much it has to do and
 * however slow it is at that. So what tells is the share of the time with work in which nothing was
 * on its way.
 */
final class PaceRule {
  /** So many view timeouts with work are looked at together: the grace period of a primary. */
  static final int WINDOW_TIMEOUTS = 8;

  /** The share that is always allowed. */
  static final double SHARE_ALLOWED = 0.5;

  /** The share that is allowed, as a multiple of what the best of the last primaries needed. */
  private static final double OF_THE_BEST = 1.25;

  private final int timeoutMillis;
  private final int viewsMax;
  private final ArrayDeque<Double> lastViews = new ArrayDeque<>();
  private double lowest = Double.NaN;
  private long workMillis;
  private long waitedMillis;

  /**
   * @param viewsMax of so many successive primaries one is correct, f+1
   */
  PaceRule(int timeoutMillis, int viewsMax) {
    this.timeoutMillis = timeoutMillis;
    this.viewsMax = viewsMax;
  }

  /** Another view begins. */
  void restart() {
    if (!Double.isNaN(lowest)) {
      lastViews.add(lowest);
      if (lastViews.size() > viewsMax) {
        lastViews.remove();
      }
    }
    lowest = Double.NaN;
    workMillis = 0;
    waitedMillis = 0;
  }

  /**
   * Time passed in which the primary had work; whether it is too slow.
   *
   * @param waited whether it had no block on its way for it
   */
  boolean worked(long millis, boolean waited) {
    workMillis += millis;
    waitedMillis += waited ? millis : 0;
    if (workMillis < (long) WINDOW_TIMEOUTS * timeoutMillis) {
      return false;
    }
    double share = (double) waitedMillis / workMillis;
    lowest = Double.isNaN(lowest) ? share : Math.min(lowest, share);
    workMillis = 0;
    waitedMillis = 0;
    return share > SHARE_ALLOWED && share > expected() * OF_THE_BEST;
  }

  /** What the best of f+1 primaries needed; 0 if not so many are known. */
  private double expected() {
    return lastViews.size() < viewsMax
        ? 0
        : lastViews.stream().mapToDouble(Double::doubleValue).min().orElse(0);
  }
}
