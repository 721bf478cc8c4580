package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.QuorumCertificate;

/** PROTOCOL.md, R11 to R13: replica 2 of four. */
final class ViewChangeTest {
  private static final long T = TestChain.PARAMETERS.viewTimeoutMillis();

  private final TestChain chain = new TestChain(4);
  private final SingleReplica replica = new SingleReplica(chain, 2);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block first = chain.block(0, genesis, chain.transaction(1));
  private final Block second = chain.block(0, first.header(), chain.transaction(2));

  private List<Long> viewsWanted() {
    return replica.said(ViewChange.class).stream().map(ViewChange::newView).toList();
  }

  private Optional<Long> viewPrepared() {
    List<ViewChange> said = replica.said(ViewChange.class);
    return said.get(said.size() - 1).highestPrepared().map(c -> c.vote().view());
  }

  @Test
  void timerRunsWhileATransactionWaits() {
    assertThat(replica.viewTimer()).isEmpty();
    replica.pending(true);
    assertThat(replica.viewTimer()).hasValue(T);
    replica.pending(false);
    assertThat(replica.viewTimer()).isEmpty();
  }

  @Test
  void timerRunsWhileABlockIsNotFinal() {
    replica.hearProposal(first);
    assertThat(replica.viewTimer()).hasValue(T);
    replica.hearPrepares(0, first, 1);
    replica.hearCommits(0, first, 0, 1);
    assertThat(replica.viewTimer()).isEmpty();
  }

  private List<Long> viewsAskedFor() {
    return replica.sent().stream()
        .filter(Transfer.Status.class::isInstance)
        .map(message -> ((Transfer.Status) message).wantedView())
        .distinct()
        .toList();
  }

  @Test
  void replicaAsksForTheNextViewWhenTheTimerRunsOutAndPersistsThatFirst() {
    replica.pending(true);
    replica.forget();
    replica.fire(Timer.VIEW);
    assertThat(viewsAskedFor()).containsExactly(1L);
    assertThat(replica.outputs().get(0).journal()).containsExactly(new JournalRecord.Suspected(1));
    assertThat(replica.status().suspects()).isTrue();
    assertThat(replica.viewTimer()).isEmpty();
  }

  @Test
  void replicaLeavesItsViewWhenAQuorumAsksAndPersistsThatFirst() {
    replica.pending(true);
    replica.fire(Timer.VIEW);
    replica.forget();
    replica.hearAsked(1, 3);
    assertThat(replica.status().view()).isZero();
    replica.hearAsked(1, 0);
    assertThat(viewsWanted()).containsExactly(1L);
    Output last = replica.outputs().get(replica.outputs().size() - 1);
    assertThat(last.journal()).containsExactly(new JournalRecord.ViewLeft(1));
    assertThat(replica.status().active()).isFalse();
  }

  @Test
  void replicaThatAloneLostPatienceGoesOnVoting() {
    replica.pending(true);
    replica.fire(Timer.VIEW);
    replica.finish(first, 1, 3);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, first.id()));
    assertThat(replica.said(Commit.class)).containsExactly(new Commit(0, first.id()));
    assertThat(viewsWanted()).isEmpty();
  }

  /** Of six, one is faulty and four are a quorum, so that asking and leaving are apart. */
  @Test
  void replicaAsksWithFPlusOneOthersAndLeavesWithAQuorum() {
    SingleReplica ofSix = new SingleReplica(new TestChain(6), 2);
    ofSix.hearAsked(1, 3);
    assertThat(ofSix.status().suspects()).isFalse();
    ofSix.hearAsked(1, 4);
    assertThat(ofSix.status().suspects()).isTrue();
    assertThat(ofSix.journal()).contains(new JournalRecord.Suspected(1));
    assertThat(ofSix.status().view()).isZero();
    ofSix.hearAsked(1, 5);
    assertThat(ofSix.status().view()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 10})
  void replicaWhoseTimerRanOutLeavesWithTheLastOfAQuorum(int n) {
    TestChain other = new TestChain(n);
    SingleReplica one = new SingleReplica(other, 0);
    one.pending(true);
    one.fire(Timer.VIEW);
    for (int peer = 1; peer < other.spec().validators().quorum().quorum(); peer++) {
      assertThat(one.status().view()).isZero();
      one.hearAsked(1, peer);
    }
    assertThat(one.status().view()).isEqualTo(1);
  }

  @Test
  void whatWasAskedWhileTheReplicaWasSilentCountsWhenItSpeaks() {
    replica.restartUnanswered(List.of());
    replica.hearAsked(1, 0, 3);
    assertThat(replica.status().suspects()).isFalse();
    for (int other : new int[] {0, 1, 3}) {
      replica.hear(other, replica.testimony(0, 0));
    }
    assertThat(viewsWanted()).containsExactly(1L);
  }

  @Test
  void whatOneOfFPlusOneAsksForBeyondTheOthersIsNotBelieved() {
    replica.hearAsked(1L << 40, 3);
    replica.hearAsked(1, 0);
    assertThat(viewsWanted()).containsExactly(1L);
  }

  @Test
  void replicaSaysAgainWhatItAskedForWhenItComesBack() {
    replica.pending(true);
    replica.fire(Timer.VIEW);
    replica.restart(replica.liveRecords());
    assertThat(replica.status().suspects()).isTrue();
    assertThat(viewsAskedFor()).containsExactly(1L);
    replica.hearAsked(1, 0, 3);
    assertThat(viewsWanted()).containsExactly(1L);
    assertThat(replica.liveRecords()).doesNotContain(new JournalRecord.Suspected(1));
  }

  @Test
  void timerThatRunsOutWithNothingToWaitForChangesNothing() {
    replica.fire(Timer.VIEW);
    assertThat(viewsWanted()).isEmpty();
  }

  @Test
  void leftViewGetsNoMoreVotes() {
    replica.hearProposal(first);
    replica.leaveView();
    replica.forget();
    replica.hearProposal(second);
    replica.hearPrepares(0, first, 1, 3);
    assertThat(replica.said(Prepare.class)).isEmpty();
    assertThat(replica.said(Commit.class)).isEmpty();
  }

  @Test
  void leavesForTheHighestViewThatAQuorumReaches() {
    replica.hearViewChange(5, Optional.empty(), 0);
    assertThat(viewsWanted()).isEmpty();
    replica.hearViewChange(3, Optional.empty(), 1);
    assertThat(viewsWanted()).containsExactly(3L);
  }

  @Test
  void oneFaultyReplicaMovesNobodyHoweverOftenItAsks() {
    for (long view = 1; view < 20; view++) {
      replica.hearViewChange(view, Optional.empty(), 3);
    }
    assertThat(viewsWanted()).isEmpty();
    assertThat(replica.status().view()).isZero();
  }

  @Test
  void viewChangeShowsTheHighestPreparedCertificate() {
    replica.hearProposal(first);
    replica.hearProposal(second);
    replica.hearPrepares(0, second, 1);
    replica.hearPrepares(0, first, 1);
    replica.leaveView();
    assertThat(replica.said(ViewChange.class)).hasSize(1);
    assertThat(replica.said(ViewChange.class).get(0).highestPrepared().orElseThrow().vote().block())
        .isEqualTo(second.id());
  }

  @Test
  void highestPreparedIsNotForgottenAtACheckpoint() {
    replica.finish(first, 1, 3);
    Checkpoint result = replica.execute();
    replica.hearCheckpoints(result, 1, 3);
    assertThat(replica.status().stableHeight()).isEqualTo(1);
    replica.pending(true);
    replica.leaveView();
    assertThat(viewPrepared()).hasValue(0L);
    assertThat(replica.said(ViewChange.class).get(0).stable().orElseThrow().checkpoint())
        .isEqualTo(result);
  }

  @Test
  void viewTimerDoublesAndFallsBackAfterProgress() {
    replica.pending(true);
    for (int i = 1; i <= 8; i++) {
      assertThat(replica.viewTimer()).hasValue(T << Math.min(i - 1, 6));
      replica.fire(Timer.VIEW);
      // The others come along, and their primary stays silent.
      replica.hearViewChange(i, Optional.empty(), 0, 1);
      assertThat(replica.status().view()).isEqualTo(i);
    }
    replica.hear(
        1,
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    chain.committed(0, first, 0, 1, 3), Optional.empty()))));
    assertThat(replica.decidedBlocks()).containsExactly(first);
    assertThat(replica.viewTimer()).hasValue(T);
  }

  @Test
  void newViewIsAwaitedOnlyOnceAQuorumWaits() {
    replica.pending(true);
    replica.leaveView();
    assertThat(replica.viewTimer()).isEmpty();
    replica.hearViewChange(1, Optional.empty(), 3);
    assertThat(replica.viewTimer()).isEqualTo(OptionalLong.empty());
    replica.hearViewChange(1, Optional.empty(), 0);
    assertThat(replica.viewTimer()).hasValue(2 * T);
    replica.forget();
    replica.fire(Timer.VIEW);
    assertThat(viewsAskedFor()).containsExactly(2L);
  }

  @Test
  void newPrimaryShowsAQuorumOfViewChangesOnce() {
    replica.hearViewChange(2, Optional.empty(), 0);
    assertThat(replica.said(NewView.class)).isEmpty();
    replica.hearViewChange(2, Optional.empty(), 1);
    assertThat(replica.said(NewView.class)).hasSize(1);
    assertThat(replica.said(NewView.class).get(0).viewChanges()).hasSize(3);
    replica.hearViewChange(2, Optional.empty(), 3);
    assertThat(replica.said(NewView.class)).hasSize(1);
    assertThat(replica.status().active()).isTrue();
  }

  @Test
  void newViewWithTooFewViewChangesIsRefused() {
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1));
    assertThat(replica.status().view()).isZero();
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    assertThat(replica.status().view()).isEqualTo(1);
  }

  @Test
  void newViewOfAnotherThanItsPrimaryIsRefused() {
    replica.hear(replica.newView(1, Optional.empty(), 0, 1, 3), 3);
    assertThat(replica.status().view()).isZero();
  }

  @Test
  void newViewOfALeftOrEnteredViewIsIgnored() {
    replica.hearViewChange(3, Optional.empty(), 0, 1);
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    assertThat(replica.status().active()).isFalse();
    replica.hearNewView(replica.newView(3, Optional.empty(), 0, 1, 3));
    assertThat(replica.status().active()).isTrue();
    replica.hearProposal(chain.block(3, genesis, chain.transaction(1)));
    replica.forget();
    replica.hearNewView(replica.newView(3, Optional.empty(), 0, 1, 2));
    replica.hearProposal(chain.block(3, genesis, chain.transaction(2)));
    assertThat(replica.said(Prepare.class)).isEmpty();
  }

  @Test
  void higherNewViewIsEnteredWithoutHavingWaitedForIt() {
    replica.hearNewView(replica.newView(5, Optional.empty(), 0, 1, 3));
    assertThat(replica.status().view()).isEqualTo(5);
    replica.hearProposal(first);
    assertThat(replica.said(Prepare.class)).isEmpty();
  }

  @Test
  void newViewIsPersistedBeforeAnythingIsSaidInIt() {
    replica.forget();
    replica.hearNewView(
        replica.newView(1, Optional.of(chain.prepared(0, first.id(), 0, 1, 3)), 0, 1, 3));
    assertThat(replica.outputs().get(0).journal().get(0))
        .isEqualTo(new JournalRecord.ViewEntered(1, first.id()));
    assertThat(replica.outputs().get(0).journal().get(1))
        .isInstanceOf(JournalRecord.NewViewSeen.class);
  }

  @Test
  void preparedCertificateOfAViewIsActedOnOnlyOnceTheViewIsEntered() {
    replica.hearProposal(first);
    replica.hearViewChange(1, Optional.empty(), 0, 1);
    replica.hearPrepares(1, first, 0, 1, 3);
    assertThat(replica.said(Commit.class)).isEmpty();
    QuorumCertificate prepared = chain.prepared(0, first.id(), 0, 1, 3);
    replica.hearNewView(replica.newView(1, Optional.of(prepared), 0, 1, 3));
    assertThat(replica.said(Commit.class)).containsExactly(new Commit(1, first.id()));
  }
}
