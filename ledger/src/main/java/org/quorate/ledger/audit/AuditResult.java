package org.quorate.ledger.audit;

import java.util.Optional;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;

/** What an audit found. */
public sealed interface AuditResult {
  /**
   * Everything in the store is what the chain makes of the genesis.
   *
   * @param tip the last block
   * @param stateRoot after it
   * @param transactions in all blocks
   * @param certificates checkpoint certificates, of as many blocks
   * @param stable the height of the highest that a quorum signed, 0 if none
   * @param stateEntries keys with a value, and clients that have used a nonce
   * @param repairable what is wrong with the index of the state, which the ledger computes again
   */
  record Sound(
      BlockId tip,
      Digest stateRoot,
      long transactions,
      long certificates,
      long stable,
      long stateEntries,
      Optional<String> repairable)
      implements AuditResult {}

  /** Something is not; this is the first of it. */
  record Damaged(Damage damage) implements AuditResult {}

  /** The observer had it end; begun again with the same scratch store it goes on. */
  record Stopped(long height) implements AuditResult {}
}
