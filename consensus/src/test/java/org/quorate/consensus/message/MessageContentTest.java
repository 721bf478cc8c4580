package org.quorate.consensus.message;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quorate.consensus.message.SampleMessages.CHAIN;
import static org.quorate.consensus.message.SampleMessages.FIRST;
import static org.quorate.consensus.message.SampleMessages.PREPARED;
import static org.quorate.consensus.message.SampleMessages.PROVEN;
import static org.quorate.consensus.message.SampleMessages.SECOND;
import static org.quorate.consensus.message.SampleMessages.replica;
import static org.quorate.consensus.message.SampleMessages.viewChange;

import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.Vote;

/** What no message can say, whoever signs it. */
final class MessageContentTest {
  private static void impossible(String because, ThrowingCallable making) {
    assertThatThrownBy(making)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(because);
  }

  @Test
  void aBlockIsProposedInTheViewThatItsHeaderNames() {
    impossible("in the view", () -> new PrePrepare(1, FIRST));
  }

  @Test
  void aPrepareIsNoCommit() {
    impossible("PREPARE", () -> new Prepare(new Vote(Phase.COMMIT, 0, FIRST.id())));
    impossible("COMMIT", () -> new Commit(new Vote(Phase.PREPARE, 0, FIRST.id())));
  }

  @Test
  void nobodyChangesToViewZero() {
    impossible("view 1", () -> new ViewChange(0, Optional.empty(), Optional.empty()));
  }

  @Test
  void aViewChangeShowsACertificateOfALowerViewOnly() {
    impossible(
        "below the new one",
        () ->
            new ViewChange(
                1, Optional.empty(), Optional.of(CHAIN.prepared(1, SECOND.id(), 0, 1, 2))));
    impossible(
        "prepared certificate",
        () ->
            new ViewChange(
                1, Optional.empty(), Optional.of(CHAIN.committed(0, FIRST, 0, 1, 2).commit())));
  }

  @Test
  void aNewViewHoldsViewChangesOfItsViewEachSignerOnce() {
    impossible("its own view", () -> new NewView(2, List.of(viewChange(0, true))));
    impossible(
        "rise strictly", () -> new NewView(1, List.of(viewChange(1, true), viewChange(1, false))));
    impossible(
        "rise strictly", () -> new NewView(1, List.of(viewChange(1, true), viewChange(0, true))));
  }

  @Test
  void theCheckpointBesideAFinalBlockIsOfThatBlock() {
    impossible(
        "another block",
        () ->
            new Transfer.CommittedBlocks.Item(
                CHAIN.committed(0, SECOND, 0, 1, 2), Optional.of(PROVEN)));
  }

  @Test
  void proposedBlocksAreSentChildBeforeParent() {
    impossible("not the parent", () -> new Transfer.ProposedBlocks(List.of(FIRST, SECOND)));
  }

  @Test
  void signedMessagesWithTheSamePartsAreEqual() {
    org.assertj.core.api.Assertions.assertThat(replica(1).sign(new Prepare(PREPARED.vote())))
        .isEqualTo(replica(1).sign(new Prepare(PREPARED.vote())))
        .isNotEqualTo(replica(2).sign(new Prepare(PREPARED.vote())));
  }
}
