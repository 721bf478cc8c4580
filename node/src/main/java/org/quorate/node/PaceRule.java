package org.quorate.node;

/**
 * Finds a primary that lets work wait, but never for as long as the view timeout (PROTOCOL.md, R25;
 * after Aardvark, whose primaries must keep a pace: Clement et al., NSDI '09, §3, and Prime, which
 * measures how soon they propose: Amir et al., TDSC 2011, §4). Owned by the replica's thread.
 *
 * <p>Not transactions for each second are counted: those depend on the clients. But a correct
 * primary that has work and no block on its way makes one at once, however much it has to do and
 * however slow it is at that. So what tells is the share of the time with work in which nothing was
 * on its way.
 */
final class PaceRule {
  /** So many view timeouts with work are looked at together: the grace period of a primary. */
  static final int WINDOW_TIMEOUTS = 8;

  private long patienceMillis;
  private long workMillis;
  private long waitedMillis;

  /** Another view begins. */
  void restart() {
    workMillis = 0;
    waitedMillis = 0;
  }

  /**
   * Time passed in which the primary had work; whether it is too slow.
   *
   * @param waited whether it let work wait for it
   * @param timeoutMillis how long this replica is patient now: more after fruitless view changes
   */
  boolean worked(long millis, boolean waited, long timeoutMillis) {
    if (timeoutMillis < patienceMillis) { // What is slow now was not slow then.
      restart();
    }
    patienceMillis = timeoutMillis;
    workMillis += millis;
    waitedMillis += waited ? millis : 0;
    if (workMillis < WINDOW_TIMEOUTS * timeoutMillis) {
      return false;
    }
    boolean slow = 2 * waitedMillis > workMillis;
    restart();
    return slow;
  }
}
