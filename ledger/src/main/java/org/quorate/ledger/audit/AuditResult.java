package org.quorate.ledger.audit;

import java.util.Optional;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;

/** What an audit found. */
public sealed interface AuditResult {
  /**
   * Everything in the store is what the chain makes of the genesis, as far as what it keeps can
   * show.
   *
   * @param tip the last block
   * @param stateRoot after it
   * @param kept from which heights on it has what
   * @param execution which blocks were executed again
   * @param transactions in the blocks that have theirs
   * @param certificates checkpoint certificates, of as many blocks
   * @param stable the height of the highest that a quorum signed, 0 if none
   * @param stateEntries keys with a value, and clients that have used a nonce
   * @param repairable what is wrong with the index of the state, which the ledger computes again
   */
  record Sound(
      BlockId tip,
      Digest stateRoot,
      KeptRecord kept,
      Execution execution,
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

  /**
   * The store is no ledger yet: a snapshot is on its way into it.
   *
   * @param height of the snapshot
   * @param there how many of its {@code chunks} have come
   */
  record Restoring(long height, long there, long chunks) implements AuditResult {}

  /** From which state on blocks were executed again. */
  sealed interface Execution {
    /** From that of the genesis: all blocks. */
    record FromGenesis() implements Execution {}

    /**
     * From that of a snapshot: the blocks above.
     *
     * @param height of the snapshot, which f+1 have signed
     */
    record FromSnapshot(long height) implements Execution {}

    /**
     * From none, since transactions were dropped and there is no snapshot: the state has the root
     * of the last block's result.
     *
     * @param proven whether f+1 have signed that result; else it is this replica's word
     */
    record None(boolean proven) implements Execution {}
  }
}
