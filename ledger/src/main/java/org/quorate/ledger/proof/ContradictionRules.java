package org.quorate.ledger.proof;

import java.util.Comparator;
import java.util.Optional;

/**
 * Which two statements a correct replica never signs together (PROTOCOL.md, A1 to A6): one function
 * for the replica that hears them and for whoever judges them later. The order of the two does not
 * matter; that one replica signed both is for {@link Auditor} to check.
 */
public final class ContradictionRules {
  private static final Comparator<Vote> BY_VIEW_THEN_HEIGHT =
      Comparator.comparingLong(Vote::view).thenComparingLong(Vote::height);

  private ContradictionRules() {}

  /** How the two contradict each other; empty if a correct replica may have signed both. */
  public static Optional<EvidenceKind> kind(Statement one, Statement other) {
    if (one instanceof Vote first && other instanceof Vote second) {
      return votes(first, second);
    } else if (one instanceof Checkpoint first && other instanceof Checkpoint second) {
      return when(
          first.height() == second.height() && !first.equals(second), EvidenceKind.CHECKPOINT);
    } else if (one instanceof ViewChangeStatement first
        && other instanceof ViewChangeStatement second) {
      return when(
          first.newView() <= second.newView() ? falls(first, second) : falls(second, first),
          EvidenceKind.VIEW_CHANGE);
    } else if (one instanceof NewViewStatement first && other instanceof NewViewStatement second) {
      return when(first.view() == second.view() && !first.equals(second), EvidenceKind.NEW_VIEW);
    } else if (one instanceof Vote vote && other instanceof ViewChangeStatement later) {
      return when(forgets(later, vote), EvidenceKind.FORGOTTEN_COMMIT);
    } else if (one instanceof ViewChangeStatement later && other instanceof Vote vote) {
      return when(forgets(later, vote), EvidenceKind.FORGOTTEN_COMMIT);
    }
    return Optional.empty();
  }

  private static Optional<EvidenceKind> when(boolean contradicts, EvidenceKind kind) {
    return contradicts ? Optional.of(kind) : Optional.empty();
  }

  /**
   * Only votes of one phase. A PREPARE and a COMMIT of one (view, height) for different blocks are
   * of a correct replica too: its primary showed it one block, and the others prepared another.
   */
  private static Optional<EvidenceKind> votes(Vote first, Vote second) {
    boolean contradicts =
        first.phase() == second.phase()
            && first.view() == second.view()
            && first.height() == second.height()
            && !first.block().equals(second.block());
    return when(
        contradicts, first.phase() == Phase.PREPARE ? EvidenceKind.PREPARE : EvidenceKind.COMMIT);
  }

  /**
   * Whether what was prepared differs between two VIEW-CHANGEs to one view, or falls from one to a
   * later. The stable checkpoints say nothing: one replica has several certificates of one height.
   */
  private static boolean falls(ViewChangeStatement earlier, ViewChangeStatement later) {
    if (earlier.newView() == later.newView()) {
      return !earlier.prepared().equals(later.prepared());
    }
    return earlier.prepared().isPresent() && isBelow(later.prepared(), earlier.prepared().get());
  }

  /** Whether {@code later} reports less than its signer must have held to sign {@code commit}. */
  static boolean forgets(ViewChangeStatement later, Vote commit) {
    return commit.phase() == Phase.COMMIT
        && commit.view() < later.newView()
        && isBelow(later.prepared(), commit);
  }

  /** Below by (view, height); or at the same place, but another block. */
  private static boolean isBelow(Optional<Vote> reported, Vote held) {
    if (reported.isEmpty()) {
      return true;
    }
    int order = BY_VIEW_THEN_HEIGHT.compare(reported.get(), held);
    return order < 0 || (order == 0 && !reported.get().block().equals(held.block()));
  }
}
