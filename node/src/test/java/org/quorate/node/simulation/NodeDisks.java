package org.quorate.node.simulation;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.node.journal.Journal;
import org.quorate.node.journal.JournalException;

/** What outlives a node's processes: the disks of its journal and its ledger. */
final class NodeDisks {
  private final DiskFault fault;
  private final SimulatedDisk journal;
  private final SimulatedStore store;

  /** A bit of the journal has flipped, and nobody has noticed. */
  private boolean decayed;

  /** The folder was made by a start, not by init. */
  private boolean madeAtStart;

  /**
   * @param busy is told how long the node's thread waits
   * @param lie whether they say that they have synced, and have not
   */
  NodeDisks(SplittableRandom random, LongConsumer busy, boolean lie) {
    this.fault = new DiskFault(random.split());
    this.journal = new SimulatedDisk(random.split(), fault, busy, lie);
    this.store = new SimulatedStore(random.split(), fault, busy);
  }

  DiskFault fault() {
    return fault;
  }

  boolean isDecayed() {
    return decayed;
  }

  boolean isMadeAtStart() {
    return madeAtStart;
  }

  Ledger openLedger(ChainSpec chain) throws LedgerException {
    store.open();
    return Ledger.open(store, chain);
  }

  Journal.Opened openJournal() throws IOException, JournalException {
    return Journal.open(journal);
  }

  /** The power goes. Returns whether anything in the journal was not durable. */
  boolean crash() {
    boolean unsynced = journal.crash();
    store.crash();
    return unsynced;
  }

  /** All of it is gone. The folder that a start makes says so. */
  void wipe() {
    decayed = false;
    journal.wipe();
    store.wipe();
    madeAtStart = true;
  }

  /** The journal is gone, perhaps the ledger too, and nothing says so. */
  void forget(boolean ledgerToo) {
    journal.wipe();
    if (ledgerToo) {
      store.wipe();
    }
  }

  /** A bit of the journal flips; false if there is none. */
  boolean decay() {
    boolean flipped = journal.flipABit();
    decayed |= flipped;
    return flipped;
  }

  /** What puts all back to where it is now. */
  Runnable backUp() {
    SimulatedDisk.Image journalNow = journal.image();
    MemoryStore storeNow = store.image();
    return () -> {
      journal.restore(journalNow);
      store.restore(storeNow);
    };
  }
}
