package org.quorate.consensus;

/** The timers of a replica; of each at most one is running. */
public enum Timer {
  /** The primary is suspected when it runs out (PROTOCOL.md, timers). */
  VIEW,
  /** Tells the others where this replica stands. Always running. */
  STATUS
}
