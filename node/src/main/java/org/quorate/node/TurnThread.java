package org.quorate.node;

/** The thread of {@link Turns}. Safe for use by any thread. */
interface TurnThread {
  /** Begins with a first turn. */
  void start();

  /**
   * Something has come: lets the next turn begin soon, whatever the last one said. Never blocks.
   */
  void wake();

  /**
   * Waits for the last turn.
   *
   * @return whether the thread has ended, or was never started
   */
  boolean ended(long millisMax);
}
