package org.quorate.node.mutation;

/** What the suite made of the code it was given. */
sealed interface Verdict {
  /** A test failed, or the simulator found a violation. */
  record Caught(String by) implements Verdict {}

  /** Nothing failed. */
  record Survived() implements Verdict {}

  /** The suite did not come to an end: somebody must look; it counts for nothing. */
  record Unfinished(String why) implements Verdict {}
}
