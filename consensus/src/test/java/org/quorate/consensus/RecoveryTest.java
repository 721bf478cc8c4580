package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quorate.consensus.JournalRecord.Forgot;
import org.quorate.consensus.JournalRecord.Told;
import org.quorate.consensus.RecoveryStatus.Phase;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.Testimony;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.membership.ReplicaId;

/** PROTOCOL.md, R19 to R22: replica 2 of four, which may have forgotten. */
final class RecoveryTest {
  private static final TestChain CHAIN = new TestChain(4);
  private static final BlockHeader GENESIS = CHAIN.spec().genesisHeader();
  private static final Block FIRST = CHAIN.block(0, GENESIS, CHAIN.transaction(1));
  private static final Block SECOND = CHAIN.block(0, FIRST.header(), CHAIN.transaction(2));

  private final SingleReplica replica = new SingleReplica(CHAIN, 2);

  private void restartUnanswered() {
    replica.restartUnanswered(replica.journal());
  }

  private void restartWithoutDisk() {
    replica.restartUnanswered(List.of(new Forgot()));
  }

  private void testify(long view, long height, int... others) {
    for (int other : others) {
      replica.hear(other, replica.testimony(view, height));
    }
  }

  /** Executes the block, and so do two others. */
  private void makeStable(Block block) {
    Transfer.CommittedBlocks.Item item =
        new Transfer.CommittedBlocks.Item(CHAIN.committed(0, block, 0, 1, 3), Optional.empty());
    replica.hear(0, new Transfer.CommittedBlocks(List.of(item)));
    replica.hearCheckpoints(replica.execute(), 0, 1);
    assertThat(replica.status().stableHeight()).isEqualTo(block.height());
  }

  private Phase phase() {
    return replica.status().recovery().phase();
  }

  private void assertSilent() {
    assertThat(replica.said(Prepare.class)).isEmpty();
    assertThat(replica.said(Commit.class)).isEmpty();
    assertThat(replica.said(ViewChange.class)).isEmpty();
    assertThat(replica.said(NewView.class)).isEmpty();
  }

  // R19: every replica that begins asks.

  @Test
  void replicaThatBeginsSaysNothingBeforeTheOthersHaveAnswered() {
    restartUnanswered();
    replica.hearProposal(FIRST);
    replica.pending(true);
    replica.fire(Timer.VIEW);
    testify(0, 0, 0, 1);
    assertSilent();
    testify(0, 0, 3);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, FIRST.id()));
  }

  @Test
  void aQuorumWithItselfSufficesAtTheNextTick() {
    restartUnanswered();
    replica.hearProposal(FIRST);
    testify(0, 0, 0);
    replica.fire(Timer.STATUS);
    assertSilent();
    testify(0, 0, 1);
    assertSilent();
    replica.fire(Timer.STATUS);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, FIRST.id()));
  }

  @Test
  void anAnswerToAnEarlierQuestionDoesNotCount() {
    restartUnanswered();
    Testimony stale = replica.testimony(0, 0);
    restartUnanswered();
    replica.hearProposal(FIRST);
    for (int other : new int[] {0, 1, 3}) {
      replica.hear(other, stale);
    }
    replica.fire(Timer.STATUS);
    assertSilent();
  }

  @Test
  void itAsksAgainAtEachTickAndOverEachNewLinkUntilItIsAnswered() {
    restartUnanswered();
    replica.forget();
    replica.fire(Timer.STATUS);
    replica.step(new Input.Connected(new ReplicaId(3)));
    assertThat(replica.sent()).filteredOn(Transfer.Recall.class::isInstance).hasSize(2);
    assertThat(replica.sentTo(3)).filteredOn(Transfer.Recall.class::isInstance).hasSize(1);
    testify(0, 0, 0, 1, 3);
    replica.forget();
    replica.fire(Timer.STATUS);
    assertThat(replica.sent()).filteredOn(Transfer.Recall.class::isInstance).isEmpty();
  }

  @Test
  void itSaysAgainWhatItSaidOnceItIsAnswered() {
    replica.hearProposal(FIRST);
    restartUnanswered();
    assertSilent();
    testify(0, 0, 0, 1, 3);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, FIRST.id()));
  }

  // R19: what the others answer.

  private Testimony answerTo(int asking) {
    replica.forget();
    replica.hear(asking, new Transfer.Recall(77));
    return (Testimony)
        replica.sentTo(asking).stream()
            .filter(Testimony.class::isInstance)
            .findFirst()
            .orElseThrow();
  }

  @Test
  void itRemembersTheLastThatEachOtherSignedWhateverViewFollows() {
    replica.hearProposal(FIRST);
    replica.hearPrepares(0, SECOND, 1);
    replica.hearPrepares(0, FIRST, 1);
    replica.hearCommits(0, FIRST, 1);
    replica.hearViewChange(1, Optional.empty(), 1);
    replica.hearNewView(replica.newView(3, Optional.empty(), 0, 1, 3));
    Testimony testimony = answerTo(1);
    assertThat(testimony.number()).isEqualTo(77);
    assertThat(testimony.prepare().orElseThrow().content()).isEqualTo(new Prepare(0, SECOND.id()));
    assertThat(testimony.commit().orElseThrow().content()).isEqualTo(new Commit(0, FIRST.id()));
    assertThat(testimony.viewChange().orElseThrow().content().newView()).isEqualTo(1);
    assertThat(answerTo(0).prepare().orElseThrow().content()).isEqualTo(new Prepare(0, FIRST.id()));
  }

  @Test
  void itAnswersWithTheGreatestHeightAtWhichItVotedInWhateverView() {
    replica.hearProposal(FIRST);
    replica.hearProposal(SECOND);
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    assertThat(answerTo(1).view()).isEqualTo(1);
    assertThat(answerTo(1).height()).isEqualTo(2);
    replica.restart(replica.liveRecords());
    assertThat(answerTo(1).height()).isEqualTo(2);
  }

  @Test
  void itAnswersFourTimesBetweenTwoTicksAtMost() {
    replica.forget();
    for (int i = 0; i < 6; i++) {
      replica.hear(1, new Transfer.Recall(i));
    }
    assertThat(replica.sentTo(1)).hasSize(4);
    replica.fire(Timer.STATUS);
    replica.hear(1, new Transfer.Recall(9));
    assertThat(replica.sentTo(1)).filteredOn(Testimony.class::isInstance).hasSize(5);
  }

  @Test
  void oneThatHasForgottenItselfAnswersNobodyAndThenWithAllThatItMayHaveSigned() {
    restartWithoutDisk();
    replica.forget();
    replica.hear(1, new Transfer.Recall(5));
    assertThat(replica.sentTo(1)).isEmpty();
    testify(1, 3, 0, 1, 3);
    assertThat(answerTo(1).view()).isEqualTo(2);
    // Its forgotten PREPAREs may be a window above its forgotten COMMITs.
    assertThat(answerTo(1).height()).isEqualTo(3 + TestChain.PARAMETERS.windowBlocks());
  }

  @Test
  void oneThatWaitsForAViewShowsWhoElseDoes() {
    replica.hearViewChange(1, Optional.empty(), 0, 3);
    replica.forget();
    replica.hear(1, new Transfer.Recall(5));
    assertThat(replica.sentTo(1))
        .filteredOn(m -> m instanceof Signed<?> s && s.content() instanceof ViewChange)
        .hasSize(3);
  }

  // R20: how a replica knows that it forgot.

  private static <C extends org.quorate.consensus.message.Signable> Signed<C> own(C content) {
    return CHAIN.authenticator(new ReplicaId(2)).sign(content);
  }

  private static Testimony reminder(
      Optional<Signed<Prepare>> prepare,
      Optional<Signed<Commit>> commit,
      Optional<Signed<ViewChange>> viewChange) {
    return new Testimony(0, 0, 0, prepare, commit, viewChange);
  }

  static Stream<Message> unknownToReplica() {
    ViewChange viewChange = new ViewChange(1, Optional.empty(), Optional.empty());
    List<Signed<ViewChange>> quorum =
        Stream.of(0, 2, 3)
            .map(i -> CHAIN.authenticator(new ReplicaId(i)).sign(viewChange))
            .toList();
    return Stream.of(
        own(new Prepare(0, SECOND.id())),
        own(new Prepare(1, FIRST.id())),
        own(new Commit(0, FIRST.id())),
        own(viewChange),
        own(new NewView(2, List.of())),
        CHAIN.authenticator(new ReplicaId(1)).sign(new NewView(1, quorum)),
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    CHAIN.committed(0, FIRST, 0, 1, 2), Optional.empty()))),
        reminder(Optional.of(own(new Prepare(0, SECOND.id()))), Optional.empty(), Optional.empty()),
        reminder(Optional.empty(), Optional.of(own(new Commit(0, FIRST.id()))), Optional.empty()),
        reminder(Optional.empty(), Optional.empty(), Optional.of(own(viewChange))));
  }

  @ParameterizedTest
  @MethodSource("unknownToReplica")
  void oneThatSeesItsSignatureUnderWhatItDoesNotKnowHasForgotten(Message message) {
    replica.hearProposal(FIRST);
    restartUnanswered();
    replica.hear(1, renumbered(message));
    assertThat(phase()).isEqualTo(Phase.FORGOT);
    assertThat(replica.journal()).contains(new Forgot());
    testify(0, 0, 0, 1);
    replica.fire(Timer.STATUS);
    replica.hearProposal(SECOND);
    assertSilent();
    replica.restartUnanswered(replica.liveRecords());
    assertThat(phase()).isEqualTo(Phase.FORGOT);
  }

  private Message renumbered(Message message) {
    return message instanceof Testimony t
        ? new Testimony(
            replica.question(), t.view(), t.height(), t.prepare(), t.commit(), t.viewChange())
        : message;
  }

  @Test
  void oneThatSeesItsSignatureUnderWhatItKnowsHasForgottenNothing() {
    replica.hearProposal(FIRST);
    replica.hearProposal(SECOND);
    replica.hearPrepares(0, SECOND, 1);
    replica.pending(true);
    replica.leaveView();
    List<Message> said = replica.sent().stream().filter(Signed.class::isInstance).toList();
    assertThat(said).hasSizeGreaterThan(4);
    restartUnanswered();
    said.forEach(message -> replica.hear(1, message));
    replica.hear(
        0,
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    CHAIN.committed(0, FIRST, 0, 1, 2), Optional.empty()))));
    testify(1, 2, 0, 1, 3);
    assertThat(phase()).isEqualTo(Phase.VOTING);
  }

  @Test
  void whatWasSaidBeforeItKnewThatItForgotDoesNotCount() {
    restartUnanswered();
    Testimony early = replica.testimony(0, 0);
    replica.hear(1, own(new Prepare(0, FIRST.id())));
    for (int other : new int[] {0, 1, 3}) {
      replica.hear(other, early);
    }
    assertThat(phase()).isEqualTo(Phase.FORGOT);
  }

  // R21: how far that went.

  @Test
  void aQuorumOfTheOthersMustTellItHowFarThatWent() {
    restartWithoutDisk();
    testify(0, 1, 0);
    testify(1, 3, 3);
    replica.fire(Timer.STATUS);
    assertThat(phase()).isEqualTo(Phase.FORGOT);
    testify(0, 2, 1);
    assertThat(phase()).isEqualTo(Phase.TOLD);
    assertThat(replica.journal()).endsWith(new Told(2, 3));
  }

  @Test
  void aViewThatNobodyElseKnowsOfDoesNotCountUntilItIsProven() {
    restartWithoutDisk();
    testify(0, 0, 0, 1);
    testify(5, 0, 3);
    assertThat(phase()).isEqualTo(Phase.FORGOT);
    replica.hearViewChange(5, Optional.empty(), 3); // one alone may lie
    assertThat(phase()).isEqualTo(Phase.FORGOT);
    replica.hearViewChange(1, Optional.empty(), 0);
    assertThat(replica.journal()).contains(new Told(6, 0));
  }

  @Test
  void aHeightBeyondTheWindowDoesNotCountUntilTheChainGetsThere() {
    restartWithoutDisk();
    testify(0, 0, 0, 1);
    testify(0, TestChain.PARAMETERS.windowBlocks() + 1, 3);
    assertThat(phase()).isEqualTo(Phase.FORGOT);
    makeStable(FIRST);
    assertThat(phase()).isEqualTo(Phase.TOLD);
  }

  @Test
  void aLoneValidatorHasNobodyToAsk() {
    SingleReplica lone = new SingleReplica(new TestChain(1), 0);
    assertThat(lone.status().recovery().phase()).isEqualTo(Phase.VOTING);
    lone.restart(List.of(new Forgot()));
    lone.fire(Timer.STATUS);
    assertThat(lone.status().recovery().phase()).isEqualTo(Phase.FORGOT);
    assertThat(lone.slot()).isEmpty();
  }

  // R22: when it votes again.

  @Test
  void itExecutesAndSignsResultsAllTheWhile() {
    restartWithoutDisk();
    makeStable(FIRST);
    assertThat(replica.said(CheckpointVote.class)).hasSize(1);
    assertSilent();
  }

  @Test
  void itIsSilentUntilAStableCheckpointHasPassedWhatItForgot() {
    restartWithoutDisk();
    testify(0, 2, 0, 1, 3);
    makeStable(FIRST);
    replica.hearViewChange(3, Optional.empty(), 0, 1);
    replica.hearNewView(replica.newView(3, Optional.empty(), 0, 1, 3));
    assertThat(phase()).isEqualTo(Phase.TOLD);
    assertSilent();
    replica.restart(replica.liveRecords());
    assertThat(phase()).isEqualTo(Phase.TOLD);
    makeStable(SECOND);
    assertThat(phase()).isEqualTo(Phase.VOTING);
    replica.hearProposal(CHAIN.block(3, SECOND.header(), CHAIN.transaction(3)));
    assertSilent(); // the view began at the genesis block, and block 2 is not a base of it
    replica.hearViewChange(4, Optional.empty(), 0, 1);
    assertThat(replica.said(ViewChange.class)).extracting(ViewChange::newView).containsExactly(4L);
  }

  @Test
  void itVotesInNoViewInWhichItMayHaveVotedOrWhichItMayHaveLeft() {
    restartWithoutDisk();
    testify(0, 0, 0, 1, 3);
    assertThat(phase()).isEqualTo(Phase.VOTING);
    replica.hearProposal(FIRST);
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    Block other = CHAIN.block(1, GENESIS, CHAIN.transaction(3));
    replica.hearProposal(other);
    replica.hearPrepares(1, other, 0, 3);
    assertSilent();
    replica.hear(1, new Transfer.ProposedBlocks(List.of(other)));
    replica.hearNewView(
        replica.newView(3, Optional.of(CHAIN.prepared(1, other.id(), 0, 1, 3)), 0, 1, 3));
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(3, other.id()));
  }

  private void othersSayToBeInView(long view, int... others) {
    for (int other : others) {
      replica.hear(other, new Transfer.Status(view, false, view, 0, 0, List.of()));
    }
  }

  @Test
  void itWaitsSilentlyForViewsThatItMayHaveLeftAndLeavesThemInTimeLikeOthers() {
    restartWithoutDisk();
    testify(0, 0, 0, 1, 3);
    replica.pending(true);
    replica.leaveView();
    assertThat(replica.status().view()).isEqualTo(1);
    assertSilent();
    othersSayToBeInView(1, 3);
    assertThat(replica.viewTimer()).isEmpty();
    othersSayToBeInView(1, 0);
    assertThat(replica.viewTimer()).isPresent();
    replica.leaveView();
    assertThat(replica.said(ViewChange.class)).extracting(ViewChange::newView).containsExactly(2L);
  }

  @Test
  void itJoinsThoseThatLeaveButSaysSoOnlyInAViewInWhichItMayVote() {
    restartWithoutDisk();
    replica.hearViewChange(1, Optional.empty(), 0, 1);
    testify(1, 0, 0, 1, 3);
    assertThat(replica.status().view()).isEqualTo(1);
    replica.hearViewChange(2, Optional.empty(), 0, 1);
    assertThat(replica.status().view()).isEqualTo(2);
    assertSilent();
    replica.hearViewChange(3, Optional.empty(), 0, 1);
    assertThat(replica.said(ViewChange.class)).extracting(ViewChange::newView).containsExactly(3L);
  }

  @Test
  void replicasThatWaitWithoutAVoiceCountForTheTimersOfOthers() {
    replica.pending(true);
    replica.leaveView();
    replica.hearViewChange(1, Optional.empty(), 0);
    assertThat(replica.viewTimer()).isEmpty();
    othersSayToBeInView(1, 3);
    assertThat(replica.viewTimer()).isPresent();
  }

  @Test
  void whatItForgotIsNoNewsLater() {
    restartWithoutDisk();
    testify(0, 0, 0, 1, 3);
    replica.hear(1, own(new Commit(0, FIRST.id())));
    replica.hear(1, own(new ViewChange(1, Optional.empty(), Optional.empty())));
    assertThat(phase()).isEqualTo(Phase.VOTING);
    replica.hear(1, own(new ViewChange(2, Optional.empty(), Optional.empty())));
    assertThat(phase()).isEqualTo(Phase.FORGOT);
    testify(1, 0, 0, 1, 3);
    assertThat(replica.liveRecords()).contains(new Told(2, 0));
  }

  @Test
  void nothingIsSignedPastTheRule() {
    JournalReplay past =
        new JournalReplay(
            CHAIN.spec(),
            ChainTip.genesis(CHAIN.spec()),
            List.of(new Told(1, 0)),
            new BlockTree(ChainTip.genesis(CHAIN.spec())));
    Voice voice = new Voice(past);
    Outbox outbox = new Outbox(CHAIN.authenticator(new ReplicaId(2)), voice);
    Prepare allowed = new Prepare(2, FIRST.id());
    assertThatThrownBy(() -> outbox.sign(allowed)).isInstanceOf(AssertionError.class);
    voice.othersAnswered();
    assertThat(outbox.sign(allowed).content()).isEqualTo(allowed);
    assertThatThrownBy(() -> outbox.sign(new Prepare(1, FIRST.id())))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("forgotten");
  }
}
