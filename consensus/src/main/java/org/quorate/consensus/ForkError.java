package org.quorate.consensus;

import java.util.List;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * Two commit certificates that cannot be of one chain: more than f validators are faulty, and
 * nothing that this replica could still do is safe. The driver keeps what it says as evidence, and
 * stops (PROTOCOL.md, R9, A7).
 */
public final class ForkError extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final transient QuorumCertificate first;
  private final transient QuorumCertificate second;
  private final transient List<BlockHeader> links;

  /**
   * @param links from the block of {@code second} down to the one right above the height of {@code
   *     first}; none if both are of one height
   */
  ForkError(QuorumCertificate first, QuorumCertificate second, List<BlockHeader> links) {
    super(
        "two blocks are committed that are not of one chain: "
            + first.vote()
            + " and "
            + second.vote()
            + "; more than f validators are faulty");
    this.first = first;
    this.second = second;
    this.links = List.copyOf(links);
  }

  /** One certificate. */
  public QuorumCertificate first() {
    return first;
  }

  /** The other, not of a lower block. */
  public QuorumCertificate second() {
    return second;
  }

  /** The headers that show how they conflict. */
  public List<BlockHeader> links() {
    return links;
  }
}
