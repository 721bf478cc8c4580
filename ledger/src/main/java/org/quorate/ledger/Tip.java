package org.quorate.ledger;

import java.util.Optional;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * The last block of a ledger.
 *
 * @param commit what made it final; none for the genesis block
 * @param checkpoint what executing it gave
 */
record Tip(BlockHeader header, Optional<QuorumCertificate> commit, Checkpoint checkpoint) {}
