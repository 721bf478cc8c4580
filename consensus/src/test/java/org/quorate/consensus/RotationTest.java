package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.proof.QuorumCertificate;

/** PROTOCOL.md, R23: replica 2 of four, whose primaries have terms of two blocks. */
final class RotationTest {
  private static final long T = TestChain.PARAMETERS.viewTimeoutMillis();

  private final TestChain chain = new TestChain(4, terms(2));
  private final SingleReplica replica = new SingleReplica(chain, 2);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block first = chain.block(0, genesis, chain.transaction(1));
  private final Block second = chain.block(0, first.header(), chain.transaction(2));
  private final Block third = chain.block(0, second.header(), chain.transaction(3));

  private static ChainParameters terms(int blocks) {
    ChainParameters usual = TestChain.PARAMETERS;
    return new ChainParameters(
        usual.blockTransactionsMax(),
        usual.blockBytesMax(),
        usual.transactionBytesMax(),
        usual.windowBlocks(),
        usual.batchDelayMillis(),
        usual.viewTimeoutMillis(),
        usual.clockDriftMillis(),
        blocks);
  }

  private List<Long> viewsWanted() {
    return replica.said(ViewChange.class).stream().map(ViewChange::newView).toList();
  }

  /** Both blocks of the first term become final. */
  private void endTerm() {
    replica.finish(first, 1, 3);
    replica.finish(second, 1, 3);
  }

  private NewView nextView() {
    QuorumCertificate prepared = chain.prepared(0, second.id(), 0, 1, 3);
    return replica.newView(1, Optional.of(prepared), 0, 1, 3);
  }

  private Transfer.CommittedBlocks committed(long view, Block block) {
    return new Transfer.CommittedBlocks(
        List.of(
            new Transfer.CommittedBlocks.Item(
                chain.committed(view, block, 0, 1, 3), Optional.empty())));
  }

  @BeforeEach
  void begin() {
    replica.forget();
  }

  @Test
  void replicaMovesOnByItselfWhenTheLastBlockOfTheTermIsFinal() {
    replica.finish(first, 1, 3);
    assertThat(viewsWanted()).isEmpty();
    replica.finish(second, 1, 3);
    assertThat(viewsWanted()).containsExactly(1L);
    assertThat(replica.journal()).contains(new JournalRecord.ViewLeft(1));
    assertThat(replica.sent()).noneMatch(Transfer.Status.class::isInstance);
  }

  @Test
  void withoutAnIntervalATermHasNoEnd() {
    TestChain endless = new TestChain(4);
    SingleReplica other = new SingleReplica(endless, 2);
    BlockHeader parent = endless.spec().genesisHeader();
    for (int i = 1; i <= 8; i++) {
      Block block = endless.block(0, parent, endless.transaction(i));
      other.finish(block, 1, 3);
      parent = block.header();
    }
    assertThat(other.decided()).hasSize(8);
    assertThat(other.said(ViewChange.class)).isEmpty();
  }

  @Test
  void endOfATermIsNotFruitlessAndDoublesNothing() {
    replica.pending(true);
    endTerm();
    replica.hearViewChange(1, Optional.empty(), 0, 1);
    assertThat(replica.viewTimer()).hasValue(T);
    replica.hearNewView(nextView());
    assertThat(replica.viewTimer()).hasValue(T);
  }

  @Test
  void termIsCountedFromWhereTheViewWasEntered() {
    endTerm();
    replica.hearNewView(nextView());
    replica.forget();
    Block thirdInNext = chain.block(1, second.header(), chain.transaction(3));
    Block fourth = chain.block(1, thirdInNext.header(), chain.transaction(4));
    replica.finish(thirdInNext, 0, 3);
    assertThat(viewsWanted()).isEmpty();
    replica.finish(fourth, 0, 3);
    assertThat(viewsWanted()).containsExactly(2L);
  }

  @Test
  void primaryProposesNothingBeyondItsTerm() {
    SingleReplica primary = new SingleReplica(chain, 0);
    primary.propose(chain.transaction(1));
    primary.propose(chain.transaction(2));
    assertThat(primary.slot()).isEmpty();
    assertThat(primary.said(PrePrepare.class)).hasSize(2);
  }

  @Test
  void proposalBeyondTheTermGetsNoVote() {
    replica.hearProposal(first);
    replica.hearProposal(second);
    replica.hearProposal(third);
    assertThat(replica.said(Prepare.class))
        .containsExactly(new Prepare(0, first.id()), new Prepare(0, second.id()));
  }

  @Test
  void restartDoesNotProlongATermNorARewrittenJournal() {
    replica.finish(first, 1, 3);
    replica.execute();
    replica.restart(replica.liveRecords());
    replica.forget();
    replica.finish(second, 1, 3);
    assertThat(viewsWanted()).containsExactly(1L);
  }

  @Test
  void replicaThatDiedAtTheEndOfATermMovesOnWhenItComesBack() {
    endTerm();
    replica.execute();
    List<JournalRecord> beforeTheEnd =
        replica.journal().stream().filter(r -> !(r instanceof JournalRecord.ViewLeft)).toList();
    replica.restart(beforeTheEnd);
    assertThat(viewsWanted()).containsExactly(1L);
  }

  @Test
  void replicaThatEnteredByACommitCertificateGoesAlongWithTheOthers() {
    endTerm();
    Block thirdInNext = chain.block(1, second.header(), chain.transaction(3));
    replica.hear(0, committed(1, thirdInNext));
    assertThat(replica.status().active()).isTrue();
    replica.forget();
    Block fourth = chain.block(1, thirdInNext.header(), chain.transaction(4));
    replica.hear(0, committed(1, fourth));
    // It entered one block late, so by its own count the term has one block more.
    assertThat(viewsWanted()).isEmpty();
    replica.hearViewChange(2, Optional.of(chain.prepared(1, fourth.id(), 0, 1, 3)), 0, 3);
    assertThat(viewsWanted()).containsExactly(2L);
  }

  @Test
  void blocksOfSeveralTermsAreCaughtUpWithWithoutAWordAboutPastViews() {
    replica.hear(0, committed(0, first));
    replica.hear(0, committed(1, second));
    replica.hear(0, committed(1, third));
    assertThat(replica.decidedBlocks()).containsExactly(first, second, third);
    assertThat(replica.status().view()).isEqualTo(1);
    assertThat(viewsWanted()).isEmpty();
  }

  @Test
  void theOnlyValidatorOfAChainFollowsItself() {
    TestChain alone = new TestChain(1, terms(1));
    SingleReplica only = new SingleReplica(alone, 0);
    for (int i = 1; i <= 3; i++) {
      only.propose(alone.transaction(i));
    }
    assertThat(only.decided()).hasSize(3);
    assertThat(only.status().view()).isEqualTo(3);
    assertThat(only.status().active()).isTrue();
  }
}
