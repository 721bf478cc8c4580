package org.quorate.ledger.proof;

/**
 * A phase of agreement in which replicas vote (Castro & Liskov, OSDI '99, §4.2); the code is its
 * byte.
 */
public enum Phase {
  /** Two prepared certificates of one view are of one chain. */
  PREPARE(1),
  /** A commit certificate makes a block and its ancestors final. */
  COMMIT(2);

  private final int code;

  Phase(int code) {
    this.code = code;
  }

  /** The byte that stands for it. */
  public int code() {
    return code;
  }
}
