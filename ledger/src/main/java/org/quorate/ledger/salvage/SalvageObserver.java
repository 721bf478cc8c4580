package org.quorate.ledger.salvage;

/** Follows how a ledger is saved, in the thread that does it. */
public interface SalvageObserver {
  /** Sees nothing. */
  SalvageObserver NONE = new SalvageObserver() {};

  /**
   * A snapshot, from which the ledger would have been executed again, is of no use.
   *
   * @param reason why not, for people
   */
  default void refuses(long snapshotHeight, String reason) {}

  /**
   * From which state on blocks are executed.
   *
   * @param height of a snapshot; 0 for that of the genesis
   */
  default void begins(long height) {}

  /**
   * How far it is, told now and then.
   *
   * @param done of {@code total}, which may be more where it is not known how many there are
   */
  default void progress(SalvageStage stage, long done, long total) {}
}
