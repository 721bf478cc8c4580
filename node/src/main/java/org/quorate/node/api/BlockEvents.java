package org.quorate.node.api;

import org.quorate.ledger.proof.CheckpointCertificate;

/** Tells subscribers of executed blocks and of the certificates that prove their results. */
public interface BlockEvents {
  /** What a subscriber is told, on the thread that publishes: it may not block or throw. */
  interface Listener {
    /** In order of height; the ledger holds the block, the mempool no longer its transactions. */
    void executed(ExecutedBlock block);

    /**
     * f+1 or more validators signed the result of a block that was executed here; the ledger holds
     * the certificate. Maybe again when more have signed, and not always in order of height.
     */
    void certified(CheckpointCertificate certificate);
  }

  /**
   * Begins to tell {@code listener}.
   *
   * @return false if there are as many subscribers as there may be
   */
  boolean subscribe(Listener listener);

  /** Ends it; one last event may still be under way. */
  void unsubscribe(Listener listener);
}
