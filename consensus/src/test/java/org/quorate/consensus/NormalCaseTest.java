package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;

/** PROTOCOL.md, R1 to R9: replica 1 of four in view 0, whose primary is replica 0. */
final class NormalCaseTest {
  private final TestChain chain = new TestChain(4);
  private final SingleReplica replica = new SingleReplica(chain, 1);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block first = chain.block(0, genesis, chain.transaction(1));
  private final Block second = chain.block(0, first.header(), chain.transaction(2));
  private final Block rival = chain.block(0, genesis, chain.transaction(7));

  @Test
  void replicaPreparesAProposalOfThePrimaryAndPersistsItFirst() {
    replica.forget();
    replica.hearProposal(first);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, first.id()));
    assertThat(replica.outputs().get(0).journal())
        .containsExactly(new JournalRecord.Accepted(first), new JournalRecord.Voted(0, first.id()));
  }

  @Test
  void proposalOfABackupIsIgnored() {
    replica.hear(new PrePrepare(0, first), 2);
    assertThat(replica.said(Prepare.class)).isEmpty();
  }

  @Test
  void proposalOfAnotherViewIsIgnored() {
    Block early = chain.block(4, genesis, chain.transaction(1));
    replica.hearProposal(early);
    assertThat(replica.said(Prepare.class)).isEmpty();
  }

  @Test
  void primarysPrePrepareCountsAsItsPrepareOnce() {
    replica.hearProposal(first);
    replica.hearPrepares(0, first, 0);
    replica.hearProposal(first);
    assertThat(replica.said(Commit.class)).isEmpty();
    replica.hearPrepares(0, first, 2);
    assertThat(replica.said(Commit.class)).containsExactly(new Commit(0, first.id()));
  }

  @Test
  void replicaDoesNotCommitWithoutAPreparedCertificate() {
    replica.hearProposal(first);
    replica.hearCommits(0, first, 0, 2);
    assertThat(replica.said(Commit.class)).isEmpty();
    assertThat(replica.decided()).isEmpty();
  }

  @Test
  void preparedCertificateIsPersistedWithTheCommit() {
    replica.hearProposal(first);
    replica.forget();
    replica.hearPrepares(0, first, 3);
    Output output = replica.outputs().get(0);
    assertThat(output.journal()).hasSize(1).first().isInstanceOf(JournalRecord.Prepared.class);
    assertThat(output.messages()).hasSize(1);
  }

  @Test
  void votesOfAnotherViewAreNotCounted() {
    replica.hearProposal(first);
    replica.hearPrepares(1, first, 2, 3);
    assertThat(replica.said(Commit.class)).isEmpty();
    replica.hearPrepares(0, first, 2);
    replica.forget();
    replica.hearCommits(1, first, 0, 2, 3);
    assertThat(replica.decided()).isEmpty();
  }

  @Test
  void votesForAnotherBlockOfTheHeightAreNotCounted() {
    replica.hearProposal(first);
    replica.hearPrepares(0, rival, 2);
    assertThat(replica.said(Commit.class)).isEmpty();
  }

  /** R7, R8: whichever comes last. */
  @Test
  void votesForAnotherBlockHeardBeforeTheProposalAreNotCountedForIt() {
    replica.hearPrepares(0, rival, 2);
    replica.hearProposal(first);
    assertThat(replica.said(Commit.class)).isEmpty();
    replica.hearPrepares(0, first, 3);
    assertThat(replica.said(Commit.class)).containsExactly(new Commit(0, first.id()));
  }

  @Test
  void oneReplicaCountsOnceHoweverOftenItVotes() {
    replica.hearProposal(first);
    replica.hearPrepares(0, first, 2);
    replica.hearCommits(0, first, 2, 2, 2);
    assertThat(replica.decided()).isEmpty();
  }

  @Test
  void blockIsFinalWithTheCommitsOfAQuorum() {
    replica.hearProposal(first);
    replica.hearPrepares(0, first, 2);
    replica.hearCommits(0, first, 0);
    assertThat(replica.decided()).isEmpty();
    replica.hearCommits(0, first, 3);
    assertThat(replica.decidedBlocks()).containsExactly(first);
    assertThat(
            replica
                .decided()
                .get(0)
                .commit()
                .check(chain.spec().validators(), chain.spec().chainHash(), TestChain.VERIFIER)
                .isValid())
        .isTrue();
    assertThat(replica.decided().get(0).commit().signatures().signatures().keySet())
        .containsExactly(new ReplicaId(0), new ReplicaId(1), new ReplicaId(3));
  }

  @Test
  void replicaNeverVotesForTwoBlocksOfOneHeightInAView() {
    replica.hearProposal(first);
    replica.hearProposal(rival);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, first.id()));
    assertThat(replica.evidence()).hasSize(1);
    assertThat(replica.evidence().get(0).offender()).isEqualTo(new ReplicaId(0));
  }

  /** R8. */
  @Test
  void twoDifferentVotesOfOneReplicaAreEvidenceAndOnlyTheFirstCounts() {
    replica.hearProposal(first);
    replica.hearPrepares(0, rival, 2);
    replica.hearPrepares(0, first, 2);
    assertThat(replica.said(Commit.class)).isEmpty();
    assertThat(replica.evidence().get(0).offender()).isEqualTo(new ReplicaId(2));
  }

  /** R2. */
  @Test
  void proposalWhoseParentIsMissingIsHeldUntilItComes() {
    replica.hearProposal(second);
    assertThat(replica.said(Prepare.class)).isEmpty();
    replica.hearProposal(first);
    assertThat(replica.said(Prepare.class))
        .containsExactly(new Prepare(0, first.id()), new Prepare(0, second.id()));
  }

  @Test
  void replicaVotesForNoChainBesideTheOneItVotedFor() {
    replica.hearProposal(first);
    replica.hearProposal(chain.block(0, rival.header(), chain.transaction(2)));
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, first.id()));
  }

  /** R6: what others prepared beside its vote it commits (R7), but votes for nothing on top of. */
  @Test
  void replicaVotesForNothingOnTopOfABlockPreparedBesideItsVote() {
    TestChain seven = new TestChain(7);
    SingleReplica voter = new SingleReplica(seven, 1);
    BlockHeader start = seven.spec().genesisHeader();
    Block own = seven.block(0, start, seven.transaction(1));
    Block other = seven.block(0, start, seven.transaction(7));
    voter.hearProposal(own);
    voter.hearPrepares(0, other, 2, 3, 4, 5, 6);
    voter.hear(2, new Transfer.ProposedBlocks(List.of(other)));
    assertThat(voter.said(Commit.class)).containsExactly(new Commit(0, other.id()));
    voter.hearProposal(seven.block(0, other.header(), seven.transaction(2)));
    assertThat(voter.said(Prepare.class)).containsExactly(new Prepare(0, own.id()));
  }

  @Test
  void preparedDescendantCommitsItsAncestorsInRisingOrder() {
    replica.hearProposal(first);
    replica.hearProposal(second);
    replica.hearPrepares(0, second, 2);
    assertThat(replica.said(Commit.class))
        .containsExactly(new Commit(0, first.id()), new Commit(0, second.id()));
  }

  @Test
  void blocksAreDecidedInOrderOfHeightEachOnce() {
    replica.hearProposal(first);
    replica.hearProposal(second);
    replica.hearPrepares(0, second, 2, 3);
    replica.hearCommits(0, second, 2, 3);
    assertThat(replica.decided()).isEmpty();
    replica.hearCommits(0, first, 2, 3, 0);
    replica.hearCommits(0, second, 0);
    assertThat(replica.decidedBlocks()).containsExactly(first, second);
  }

  @Test
  void proposalsAboveTheWindowAreNotVotedFor() {
    Block block = first;
    int window = chain.spec().parameters().windowBlocks();
    for (int height = 1; height <= window + 1; height++) {
      replica.hearProposal(block);
      block = chain.block(0, block.header(), chain.transaction(height + 1));
    }
    assertThat(replica.said(Prepare.class)).hasSize(window);
  }

  /** R3. */
  @Test
  void blockThatBreaksARuleGetsNoVote() {
    List<Transaction> one = List.of(chain.transaction(1));
    long time = genesis.timestampMillis() + 1;
    for (Block block :
        List.of(
            chain.block(0, genesis, genesis.timestampMillis(), one),
            chain.block(0, genesis, chain.transaction(1), chain.transaction(1)),
            chain.block(0, genesis, chain.transaction(1), chain.transaction(0, 1, "other")),
            with(new ReplicaId(3), chain.spec().validators().hash(), time, one),
            with(new ReplicaId(0), Digest.ZERO, time, one))) {
      SingleReplica fresh = new SingleReplica(chain, 1);
      fresh.hear(new PrePrepare(0, block), 0);
      assertThat(fresh.said(Prepare.class)).as("%s", block.header()).isEmpty();
    }
  }

  private Block with(
      ReplicaId proposer, Digest validators, long time, List<Transaction> transactions) {
    return new Block(
        chain.spec().chainHash(),
        new BlockHeader(
            1,
            chain.spec().genesisBlock().hash(),
            0,
            time,
            proposer,
            Block.transactionsRoot(transactions),
            transactions.size(),
            validators),
        transactions);
  }

  /** R4. */
  @Test
  void transactionThatTheChainHoldsIsNotVotedForAgain() {
    replica.hearProposal(first);
    replica.hearProposal(chain.block(0, first.header(), chain.transaction(1)));
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(0, first.id()));
  }

  @Test
  void timestampAheadOfTheClockOnlyDelaysTheVote() {
    long ahead = TestChain.GENESIS_MILLIS + 70_000;
    replica.hearProposal(chain.block(0, genesis, ahead, List.of(chain.transaction(1))));
    assertThat(replica.said(Prepare.class)).isEmpty();
    replica.passMillis(9_600);
    replica.fire(Timer.STATUS);
    assertThat(replica.said(Prepare.class)).hasSize(1);
  }

  @Test
  void twoFinalBlocksOfOneHeightStopTheReplica() {
    Block other = chain.block(0, first.header(), chain.transaction(9));
    replica.hearCommits(0, second, 0, 2, 3);
    SingleReplica same = replica;
    assertThatThrownBy(
            () -> {
              same.hear(0, committed(first));
              same.hear(0, committed(other));
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("more than f");
  }

  private Transfer.CommittedBlocks committed(Block block) {
    return new Transfer.CommittedBlocks(
        List.of(
            new Transfer.CommittedBlocks.Item(
                chain.committed(0, block, 0, 2, 3), Optional.empty())));
  }
}
