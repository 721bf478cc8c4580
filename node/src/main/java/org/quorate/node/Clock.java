package org.quorate.node;

/** Tells the time. Safe for use by any thread. */
interface Clock {
  /** Nanoseconds since some moment; never goes back. */
  long nanos();

  /** Milliseconds since 1970 as the machine believes; may jump, in both directions. */
  long wallMillis();
}
