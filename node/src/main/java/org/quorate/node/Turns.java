package org.quorate.node;

/** Work that one thread does turn by turn, whenever some has come or a time is over. */
@FunctionalInterface
interface Turns {
  /** Returned by a last turn. */
  long END = -1;

  /** Nothing is due at any time: sleep until woken. */
  long UNTIL_WOKEN = Long.MAX_VALUE;

  /**
   * Does what waits.
   *
   * @return after how many nanoseconds the next turn is due although nobody wakes the thread; 0 for
   *     at once, {@link #END} if there will be none
   */
  long turn();
}
