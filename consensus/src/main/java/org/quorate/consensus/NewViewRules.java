package org.quorate.consensus;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.proof.Vote;

/**
 * Where a new view begins: both for the primary that says so and for the replicas that check it
 * (PROTOCOL.md, R13; Castro & Liskov, OSDI '99, §4.4).
 */
final class NewViewRules {
  /** By (view, height), view first: the order in which the highest prepared certificate counts. */
  static final Comparator<Vote> BY_VIEW_THEN_HEIGHT =
      Comparator.comparingLong(Vote::view).thenComparingLong(Vote::height);

  private NewViewRules() {}

  /**
   * The tip that a NEW-VIEW starts at; empty if it is not valid: not from the primary of its view,
   * or not by a quorum. That its VIEW-CHANGEs are of distinct signers and of its view, the message
   * itself makes sure.
   */
  static Optional<BlockId> tip(ChainSpec spec, Signed<NewView> newView) {
    NewView content = newView.content();
    boolean valid =
        newView.signer().equals(spec.validators().primary(content.view()))
            && content.viewChanges().size() >= spec.validators().quorum().quorum();
    return valid ? Optional.of(tip(spec, content.viewChanges())) : Optional.empty();
  }

  private static BlockId tip(ChainSpec spec, List<Signed<ViewChange>> viewChanges) {
    return viewChanges.stream()
        .flatMap(viewChange -> viewChange.content().statement().prepared().stream())
        .max(BY_VIEW_THEN_HEIGHT)
        .map(Vote::block)
        // Nothing was ever prepared at one of a quorum, so nothing was committed.
        .orElse(spec.genesisBlock());
  }
}
