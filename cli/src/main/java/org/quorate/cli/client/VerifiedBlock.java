package org.quorate.cli.client;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * A block that was checked: a quorum of the genesis file's validators committed the header, and the
 * transactions are those of the header.
 *
 * @param commit empty for the genesis block only, which needs none
 * @param checkpoint signed by f+1 validators at least; empty while the node that was asked has none
 * @param from the node that told it; empty for the genesis block
 */
public record VerifiedBlock(
    Digest hash,
    BlockHeader header,
    List<Digest> transactions,
    Optional<QuorumCertificate> commit,
    Optional<CheckpointCertificate> checkpoint,
    Optional<NodeEndpoint> from) {
  public VerifiedBlock {
    transactions = List.copyOf(transactions);
  }
}
