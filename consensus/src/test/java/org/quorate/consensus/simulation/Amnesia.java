package org.quorate.consensus.simulation;

import org.quorate.consensus.JournalRecord;

/** What a disk loses at a crash although it had said that it was durable: to test the simulator. */
enum Amnesia {
  /** A disk as it should be. */
  NONE,
  EVERYTHING,
  VOTES,
  PREPARED_CERTIFICATES,
  VIEWS;

  boolean forgets(JournalRecord written) {
    return switch (this) {
      case NONE -> false;
      case EVERYTHING -> true;
      case VOTES -> written instanceof JournalRecord.Voted;
      case PREPARED_CERTIFICATES -> written instanceof JournalRecord.Prepared;
      case VIEWS ->
          written instanceof JournalRecord.ViewLeft || written instanceof JournalRecord.ViewEntered;
    };
  }
}
