package org.quorate.node.simulation;

/** How far agreement gets in a round, where enough replicas hear each other. */
enum Reach {
  /** PREPAREs arrive at the primary alone. */
  PREPARED_BY_PRIMARY,
  /** PREPAREs arrive, COMMITs do not. */
  PREPARED,
  /** COMMITs arrive at the primary alone. */
  COMMITTED_BY_PRIMARY,
  /** All that is said arrives. */
  COMMITTED;

  private static final int PREPARE = 0x02;
  private static final int COMMIT = 0x03;
  private static final int COMMITTED_BLOCKS = 0x13;

  /**
   * Whether a message may arrive.
   *
   * @param kind its first byte (see MessageCodec)
   * @param toPrimary whether it is for the round's primary
   */
  boolean lets(int kind, boolean toPrimary) {
    return switch (kind) {
      case PREPARE -> toPrimary || this != PREPARED_BY_PRIMARY;
      case COMMIT -> this == COMMITTED || (toPrimary && this == COMMITTED_BY_PRIMARY);
      case COMMITTED_BLOCKS -> this == COMMITTED;
      default -> true;
    };
  }
}
