package org.quorate.ledger.salvage;

/** What is done, in this order. */
public enum SalvageStage {
  /** The state of a snapshot is taken over; counted in chunks. */
  SNAPSHOT,
  /** Blocks up to the snapshot's are taken over; counted in heights. */
  HISTORY,
  /** Blocks above it are executed; counted in heights. */
  BLOCKS
}
