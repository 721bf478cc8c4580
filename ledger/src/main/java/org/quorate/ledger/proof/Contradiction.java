package org.quorate.ledger.proof;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Two statements of one replica that contradict each other (PROTOCOL.md, A1 to A6).
 *
 * @param kind that in which they do
 */
public record Contradiction(
    Digest chainHash, EvidenceKind kind, SignedStatement first, SignedStatement second)
    implements FaultProof {
  /**
   * @throws IllegalArgumentException if the statements do not contradict each other in that way
   */
  public Contradiction {
    if (!ContradictionRules.kind(first.statement(), second.statement()).equals(Optional.of(kind))) {
      throw new IllegalArgumentException(
          "the two statements are no contradiction of the kind " + kind.slug());
    }
  }

  /**
   * The proof that two statements of one replica make.
   *
   * @throws IllegalArgumentException if they do not contradict each other
   */
  public static Contradiction of(Digest chainHash, SignedStatement first, SignedStatement second) {
    EvidenceKind kind =
        ContradictionRules.kind(first.statement(), second.statement())
            .orElseThrow(
                () -> new IllegalArgumentException("the two statements are no contradiction"));
    return new Contradiction(chainHash, kind, first, second);
  }

  @Override
  public SortedSet<ReplicaId> accused() {
    return new TreeSet<>(List.of(first.signer()));
  }

  @Override
  public String name() {
    return kind.slug() + position(first.statement()) + "-replica-" + first.signer().index();
  }

  private static String position(Statement statement) {
    if (statement instanceof Vote vote) {
      return "-view-" + vote.view() + "-height-" + vote.height();
    } else if (statement instanceof Checkpoint checkpoint) {
      return "-height-" + checkpoint.height();
    } else if (statement instanceof ViewChangeStatement viewChange) {
      return "-view-" + viewChange.newView();
    } else {
      return "-view-" + ((NewViewStatement) statement).view();
    }
  }
}
