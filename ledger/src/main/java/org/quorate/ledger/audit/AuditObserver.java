package org.quorate.ledger.audit;

/** Follows an audit, in the thread that runs it. */
public interface AuditObserver {
  /** Sees nothing and lets it go on. */
  AuditObserver NONE = new AuditObserver() {};

  /**
   * A snapshot, from which the audit would have executed blocks again, is of no use.
   *
   * @param reason why not, for people
   */
  default void refuses(long snapshotHeight, String reason) {}

  /** How the audit begins, told once, after what it {@link #refuses}. */
  default void begins(Beginning beginning) {}

  /**
   * How far it is, told before the first block, after each window of blocks, and now and then in
   * the other stages.
   *
   * @param done of {@code total}
   * @param transactions of the blocks so far
   */
  default void progress(AuditStage stage, long done, long total, long transactions) {}

  /** Whether it is to go on: asked about as often as it is told. */
  default boolean goesOn() {
    return true;
  }

  /** Where an audit begins. */
  sealed interface Beginning {
    /** At the first block, with whatever is executed. */
    record First(AuditResult.Execution execution) implements Beginning {}

    /** After the block at this height, which an earlier audit reached. */
    record Resumed(long height) implements Beginning {}

    /** At the first block, since what an earlier audit left cannot be used. */
    record Anew(String reason) implements Beginning {}
  }
}
