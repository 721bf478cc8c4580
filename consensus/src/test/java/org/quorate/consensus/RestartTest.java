package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.proof.Checkpoint;

/** PROTOCOL.md, R5 and R18: replica 2 of four, which dies and comes back with its disk. */
final class RestartTest {
  private final TestChain chain = new TestChain(4);
  private final SingleReplica replica = new SingleReplica(chain, 2);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block first = chain.block(0, genesis, chain.transaction(1));
  private final Block second = chain.block(0, first.header(), chain.transaction(2));
  private final Block third = chain.block(0, second.header(), chain.transaction(3));
  private final Block rival = chain.block(0, genesis, chain.transaction(7));

  @Test
  void votesSurviveARestart() {
    replica.hearProposal(first);
    replica.restart();
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, first.id()));
    replica.forget();
    replica.hearProposal(rival);
    assertThat(replica.said(Prepare.class)).isEmpty();
    replica.hearProposal(second);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, second.id()));
  }

  @Test
  void preparedCertificateSurvivesARestart() {
    replica.hearProposal(first);
    replica.hearPrepares(0, first, 1);
    replica.restart();
    assertThat(replica.said(Commit.class)).containsExactly(new Commit(0, first.id()));
    replica.pending(true);
    replica.leaveView();
    assertThat(replica.said(ViewChange.class).get(0).highestPrepared().orElseThrow().vote().block())
        .isEqualTo(first.id());
  }

  @Test
  void leftViewStaysLeft() {
    replica.pending(true);
    replica.leaveView();
    replica.restart();
    assertThat(replica.status().view()).isEqualTo(1);
    assertThat(replica.status().active()).isFalse();
    assertThat(replica.said(ViewChange.class)).hasSize(1);
    replica.hearProposal(first);
    assertThat(replica.said(Prepare.class)).isEmpty();
  }

  @Test
  void enteredViewStaysEnteredAndItsNewViewCanBeShown() {
    NewView newView = replica.newView(1, Optional.empty(), 0, 1, 3);
    replica.hearNewView(newView);
    replica.restart();
    assertThat(replica.status().view()).isEqualTo(1);
    assertThat(replica.status().active()).isTrue();
    replica.forget();
    replica.hear(3, new Transfer.Status(0, true, 0, 0, 0, List.of()));
    assertThat(replica.sentTo(3))
        .filteredOn(message -> message instanceof Signed<?> s && s.content().equals(newView))
        .hasSize(1);
  }

  @Test
  void primaryRepeatsItsProposalsAndMakesNoOthersInTheirPlace() {
    SingleReplica primary = new SingleReplica(chain, 0);
    primary.propose(chain.transaction(1));
    primary.propose(chain.transaction(2));
    List<PrePrepare> before = primary.said(PrePrepare.class);
    primary.restart();
    assertThat(primary.said(PrePrepare.class)).isEqualTo(before);
    assertThat(primary.slot().orElseThrow().height()).isEqualTo(3);
  }

  @Test
  void abstentionSurvivesARestart() {
    replica.hearProposal(rival);
    replica.hear(0, committed(0, first));
    replica.execute();
    replica.restart();
    replica.forget();
    replica.hearProposal(second);
    assertThat(replica.said(Prepare.class)).isEmpty();
  }

  @Test
  void resultsThatAreNotStableAreSaidAgain() {
    replica.finish(first, 1, 3);
    Checkpoint result = replica.execute();
    replica.restart();
    assertThat(replica.said(CheckpointVote.class)).containsExactly(new CheckpointVote(result));
  }

  @Test
  void blockDecidedButNotExecutedIsInARewrittenJournal() {
    replica.finish(first, 1, 3);
    replica.hearProposal(second);
    replica.restart(replica.liveRecords());
    assertThat(replica.said(Prepare.class)).contains(new Prepare(0, second.id()));
    replica.hearCommits(0, first, 1, 3);
    assertThat(replica.decidedBlocks()).containsExactly(first);
  }

  @Test
  void whatIsBelowTheWatermarkIsForgottenAtOnce() {
    replica.finish(first, 1, 3);
    replica.hearCheckpoints(replica.execute(), 0, 1, 3);
    replica.finish(second, 1, 3);
    replica.hearCheckpoints(replica.execute(), 0, 1, 3);
    assertThat(replica.journal()).contains(new JournalRecord.Voted(0, first.id()));
    assertThat(replica.liveRecordsOfRestart())
        .doesNotContain(new JournalRecord.Voted(0, first.id()));
  }

  @Test
  void blockCaughtUpWithAndNotExecutedIsNotLostUnderTheNext() {
    replica.hear(0, committed(0, first));
    replica.hearProposal(second);
    assertThat(replica.said(Prepare.class)).contains(new Prepare(0, second.id()));
    replica.restart();
    assertThat(replica.liveRecords()).contains(new JournalRecord.Accepted(second));
  }

  /** The first final block of its view is a base, and so gets this replica's vote (R14). */
  private List<JournalRecord> journalAfterFirst() {
    replica.hear(0, committed(0, first));
    assertThat(replica.journal())
        .containsExactly(new JournalRecord.Accepted(first), new JournalRecord.Voted(0, first.id()));
    return replica.journal();
  }

  @Test
  void blocksCaughtUpWithAreNotJournaledUntilSomethingElseIs() {
    List<JournalRecord> before = journalAfterFirst();
    replica.hear(0, committed(0, second));
    assertThat(replica.journal()).isEqualTo(before);
    replica.hearProposal(third);
    assertThat(replica.journal().subList(before.size(), before.size() + 3))
        .containsExactly(
            new JournalRecord.Accepted(second),
            new JournalRecord.Accepted(third),
            new JournalRecord.Voted(0, third.id()));
    replica.restart();
    assertThat(replica.liveRecords()).contains(new JournalRecord.Accepted(third));
  }

  @Test
  void blocksCaughtUpWithAreJournaledBeforeTheViewThatBeginsOnThem() {
    List<JournalRecord> before = journalAfterFirst();
    replica.hear(0, committed(0, second));
    replica.hear(0, committed(3, third));
    assertThat(replica.journal().subList(before.size(), replica.journal().size()))
        .startsWith(
            new JournalRecord.Accepted(second),
            new JournalRecord.Accepted(third),
            new JournalRecord.ViewEntered(3, third.id()));
  }

  @Test
  void blocksCaughtUpWithAndExecutedAreNeverJournaled() {
    journalAfterFirst();
    replica.hear(0, committed(0, second));
    replica.execute();
    replica.hearProposal(third);
    assertThat(replica.journal())
        .contains(new JournalRecord.Accepted(third))
        .doesNotContain(new JournalRecord.Accepted(second));
  }

  @Test
  void catchUpGoesOnAfterARestartInTheMiddleOfIt() {
    journalAfterFirst();
    replica.execute();
    replica.hear(0, committed(0, second));
    replica.restart();
    assertThat(replica.status().lastFinal()).isEqualTo(first.id());
    replica.forget();
    replica.hear(3, new Transfer.Status(0, true, 0, 3, 0, List.of()));
    assertThat(replica.sentTo(3)).contains(new Transfer.FetchCommitted(2, 3));
    replica.hear(3, committed(0, second));
    replica.hear(3, committed(0, third));
    assertThat(replica.decidedBlocks()).containsExactly(second, third);
    replica.execute();
    Block fourth = chain.block(0, third.header(), chain.transaction(4));
    replica.hearProposal(fourth);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, fourth.id()));
  }

  private Transfer.CommittedBlocks committed(long view, Block block) {
    return new Transfer.CommittedBlocks(
        List.of(
            new Transfer.CommittedBlocks.Item(
                chain.committed(view, block, 0, 1, 3), Optional.empty())));
  }

  /** A life with everything in it that the journal knows. */
  private void live() {
    replica.finish(first, 1, 3);
    replica.hearProposal(second);
    replica.hearPrepares(0, second, 1);
    replica.execute();
    replica.fire(Timer.VIEW);
    replica.hearViewChange(1, Optional.empty(), 0, 1);
    replica.hearNewView(
        replica.newView(1, Optional.of(chain.prepared(0, second.id(), 0, 1, 3)), 0, 1, 3));
    replica.hearPrepares(1, second, 0, 1);
    replica.hearProposal(chain.block(1, second.header(), chain.transaction(3)));
  }

  @Test
  void rewrittenJournalTellsTheSameAsTheLongOne() {
    live();
    List<JournalRecord> rewritten = replica.liveRecords();
    assertThat(rewritten.size()).isLessThan(replica.journal().size());
    replica.restart();
    List<JournalRecord> fromLong = replica.liveRecords();
    assertThat(fromLong).isEqualTo(rewritten);
    replica.restart(rewritten);
    assertThat(replica.liveRecords()).isEqualTo(rewritten);
  }

  @Test
  void anyBeginningOfTheJournalCanBeStartedFrom() {
    live();
    List<JournalRecord> whole = replica.journal();
    List<Long> views = new ArrayList<>();
    for (int length = 0; length <= whole.size(); length++) {
      replica.restart(whole.subList(0, length));
      views.add(replica.status().view());
    }
    assertThat(views).isSorted().startsWith(0L).endsWith(1L);
  }
}
