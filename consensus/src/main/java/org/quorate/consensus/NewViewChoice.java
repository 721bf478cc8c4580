package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.proof.Vote;

/**
 * Which of the VIEW-CHANGEs to its view a primary shows (PROTOCOL.md, R13): those that report no
 * more than a block whose body it holds, so that the others can get from it the tip at which the
 * view begins. A certificate may be known to a liar alone, and its block to nobody else any more.
 *
 * <p>This keeps no correct primary waiting: of the correct replicas' reports it needs the highest
 * alone, and whoever made that holds the body.
 */
final class NewViewChoice {
  private final List<Signed<ViewChange>> viewChanges;

  /** The greatest report of a block that is here. */
  private final Optional<Vote> greatest;

  /**
   * @param viewChanges to one view, one of each signer
   * @param holds whether a block is final here or its body is here
   */
  NewViewChoice(List<Signed<ViewChange>> viewChanges, Predicate<BlockId> holds) {
    this.viewChanges = viewChanges;
    this.greatest =
        viewChanges.stream()
            .flatMap(viewChange -> report(viewChange).stream())
            .filter(vote -> holds.test(vote.block()))
            .max(NewViewRules.BY_VIEW_THEN_HEIGHT);
  }

  private static Optional<Vote> report(Signed<ViewChange> viewChange) {
    return viewChange.content().statement().prepared();
  }

  private boolean isCovered(Vote report) {
    return greatest
        .map(most -> NewViewRules.BY_VIEW_THEN_HEIGHT.compare(report, most) <= 0)
        .orElse(false);
  }

  /** Those that may be shown. */
  List<Signed<ViewChange>> shown() {
    return viewChanges.stream()
        .filter(viewChange -> report(viewChange).map(this::isCovered).orElse(true))
        .toList();
  }

  /** The tip of a view that begins with them; empty if it is the genesis block. */
  Optional<BlockId> tip() {
    return greatest.map(Vote::block);
  }

  /** The blocks that keep back the others. */
  List<MissingBlock> missing() {
    List<MissingBlock> missing = new ArrayList<>();
    for (Signed<ViewChange> viewChange : viewChanges) {
      report(viewChange)
          .filter(vote -> !isCovered(vote))
          .ifPresent(vote -> missing.add(new MissingBlock(vote.block(), viewChange.signer())));
    }
    return missing;
  }
}
