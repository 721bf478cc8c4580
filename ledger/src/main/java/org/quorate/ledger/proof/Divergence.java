package org.quorate.ledger.proof;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Two checkpoint certificates of one height that name different results (PROTOCOL.md, A8). If at
 * most f replicas are faulty, each bears the word of a correct one, and two of these do not
 * contradict each other. So more than f are faulty; or, where the block is the same, replicas that
 * follow the protocol execute it differently, and the fault is in what they run or run on.
 *
 * @param first of the checkpoint whose encoding is the smaller, as unsigned bytes, so that one
 *     conflict is written the same way whichever certificate was met first
 */
public record Divergence(
    Digest chainHash, CheckpointCertificate first, CheckpointCertificate second)
    implements FaultProof {
  /**
   * @throws IllegalArgumentException if the checkpoints are of two heights, equal, or not in order
   */
  public Divergence {
    if (first.height() != second.height()) {
      throw new IllegalArgumentException("a divergence is of checkpoints of one height");
    }
    int order = order(first, second);
    if (order == 0) {
      throw new IllegalArgumentException("a divergence is of checkpoints that differ");
    }
    if (order > 0) {
      throw new IllegalArgumentException("the smaller checkpoint stands first");
    }
  }

  /**
   * The same with the certificates in their order.
   *
   * @throws IllegalArgumentException if the checkpoints are of two heights, or equal
   */
  public static Divergence of(
      Digest chainHash, CheckpointCertificate one, CheckpointCertificate other) {
    return order(one, other) <= 0
        ? new Divergence(chainHash, one, other)
        : new Divergence(chainHash, other, one);
  }

  private static int order(CheckpointCertificate one, CheckpointCertificate other) {
    return Arrays.compareUnsigned(one.checkpoint().encoded(), other.checkpoint().encoded());
  }

  /** Whether both are results of one block, so that what differs is how it was executed. */
  public boolean isOfOneBlock() {
    return first.checkpoint().block().equals(second.checkpoint().block());
  }

  /**
   * Whoever signed both: a replica gets one result for one height (PROTOCOL.md, A3). Perhaps
   * nobody, since two sets of f+1 of 3f+1 replicas need not overlap.
   */
  @Override
  public SortedSet<ReplicaId> accused() {
    TreeSet<ReplicaId> accused = new TreeSet<>(first.signatures().signatures().keySet());
    accused.retainAll(second.signatures().signatures().keySet());
    return accused;
  }

  @Override
  public EvidenceKind kind() {
    return EvidenceKind.DIVERGENCE;
  }

  @Override
  public String name() {
    return "divergence-height-" + first.height();
  }
}
