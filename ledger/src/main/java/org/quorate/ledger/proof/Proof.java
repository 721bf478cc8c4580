package org.quorate.ledger.proof;

import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.crypto.Digest;

/**
 * All that a {@link LightClient} needs to know that something is so, but for the genesis. Holding
 * one says nothing: the check does.
 */
public sealed interface Proof permits TransactionProof, StateProof {
  /** The chain it claims to be of. */
  Digest chainHash();

  /** The header of the block that it is about. */
  BlockHeader header();

  /** Makes that block final. */
  QuorumCertificate commit();

  /** f+1 validators' word on the result of that block. */
  CheckpointCertificate checkpointCertificate();
}
