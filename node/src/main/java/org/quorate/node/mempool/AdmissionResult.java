package org.quorate.node.mempool;

import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;

/** What became of one submitted transaction. */
public sealed interface AdmissionResult {
  /** It is new, meets every rule and is now in the mempool. */
  record Accepted(Transaction transaction) implements AdmissionResult {}

  /**
   * These same bytes were submitted before: not an error.
   *
   * @param executed whether the transaction stands in the chain; else it is pending
   */
  record Known(Digest hash, boolean executed) implements AdmissionResult {}

  /**
   * It is not taken, and nothing of it is kept.
   *
   * @param detail for people: what is wrong with this transaction
   */
  record Rejected(Refusal refusal, String detail) implements AdmissionResult {}
}
