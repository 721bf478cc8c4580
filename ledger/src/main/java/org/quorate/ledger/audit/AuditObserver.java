package org.quorate.ledger.audit;

/** Follows an audit, in the thread that runs it. */
public interface AuditObserver {
  /** Sees nothing and lets it go on. */
  AuditObserver NONE = new AuditObserver() {};

  /** How the audit begins, told once. */
  default void begins(Beginning beginning) {}

  /**
   * How far it is, told after each window of blocks and now and then in the other stages.
   *
   * @param done of {@code total}
   * @param transactions executed so far
   */
  default void progress(AuditStage stage, long done, long total, long transactions) {}

  /** Whether it is to go on: asked as often as it is told. */
  default boolean goesOn() {
    return true;
  }

  /** Where an audit begins. */
  sealed interface Beginning {
    /** At the genesis. */
    record Genesis() implements Beginning {}

    /** After the block at this height, which an earlier audit reached. */
    record Resumed(long height) implements Beginning {}

    /** At the genesis, since what an earlier audit left cannot be used. */
    record Anew(String reason) implements Beginning {}
  }
}
