package org.quorate.cli.client;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * Headers in a row as a node tells them.
 *
 * @param headers at most {@value NodeClient#HEADERS_MAX}; may be empty
 * @param commit a certificate, which should be of the last header
 * @param checkpoint one that should be of the last header; empty while the node has none
 */
public record HeaderBatch(
    List<BlockHeader> headers,
    QuorumCertificate commit,
    Optional<CheckpointCertificate> checkpoint) {
  public HeaderBatch {
    headers = List.copyOf(headers);
  }

  /** The last header, which there must be, with the certificate. */
  public CommittedHeader last() {
    return new CommittedHeader(headers.get(headers.size() - 1), commit);
  }
}
