package org.quorate.ledger.audit;

/** Tells an observer how far a stage is, now and then. Owned by one thread. */
final class Pace {
  /** A position among keys is told by the first two bytes behind the table's letter. */
  static final long POSITIONS = 1 << 16;

  private static final int ENTRIES_BETWEEN = 4_096;

  private final AuditObserver observer;
  private final AuditStage stage;
  private final long transactions;
  private int entries;

  Pace(AuditObserver observer, AuditStage stage, long transactions) {
    this.observer = observer;
    this.stage = stage;
    this.transactions = transactions;
  }

  /** The stage is at this key of its table. */
  void at(byte[] key) throws StoppedException {
    if (++entries % ENTRIES_BETWEEN == 0 && key.length >= 3) {
      at((key[1] & 0xff) << 8 | (key[2] & 0xff), POSITIONS);
    }
  }

  /** The stage has done so much. */
  void at(long done, long total) throws StoppedException {
    observer.progress(stage, done, total, transactions);
    if (!observer.goesOn()) {
      throw new StoppedException();
    }
  }
}
