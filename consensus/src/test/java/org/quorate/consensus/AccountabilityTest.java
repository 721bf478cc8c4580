package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Auditor;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.Contradiction;
import org.quorate.ledger.proof.EvidenceKind;
import org.quorate.ledger.proof.Finding;
import org.quorate.ledger.proof.QuorumCertificate;

/** PROTOCOL.md, A1 to A7, and what R7 and R9 owe to them: replica 2 of four. */
final class AccountabilityTest {
  private final TestChain chain = new TestChain(4);
  private final SingleReplica replica = new SingleReplica(chain, 2);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block first = chain.block(0, genesis, chain.transaction(1));
  private final Block rival = chain.block(0, genesis, chain.transaction(2));
  private final Block onRival = chain.block(0, rival.header(), chain.transaction(3));
  private final QuorumCertificate prepared = chain.prepared(0, first.id(), 0, 1, 3);

  /** What replica 2 says, it must be able to prove. */
  private void assertProven(EvidenceKind kind, int guilty) {
    assertThat(replica.evidence()).hasSize(1);
    Contradiction proof = replica.evidence().get(0).contradiction(chain.spec().chainHash());
    assertThat(proof.kind()).isEqualTo(kind);
    Finding finding = new Auditor(chain.spec(), TestChain.VERIFIER).judge(proof);
    assertThat(finding).isInstanceOf(Finding.Proven.class);
    assertThat(((Finding.Proven) finding).guilty()).containsExactly(new ReplicaId(guilty));
  }

  @Test
  void primaryThatProposesTwoBlocksIsProvenFaulty() {
    replica.hearProposal(first);
    replica.hearProposal(rival);
    assertProven(EvidenceKind.PREPARE, 0);
  }

  @Test
  void replicaThatCommitsTwoBlocksIsProvenFaulty() {
    replica.hearCommits(0, first, 3);
    replica.hearCommits(0, rival, 3);
    assertProven(EvidenceKind.COMMIT, 3);
  }

  @Test
  void replicaWithTwoResultsIsProvenFaulty() {
    Checkpoint result = chain.execute(Digest.ZERO, first);
    replica.hearCheckpoints(result, 3);
    replica.hearCheckpoints(new Checkpoint(first.id(), Digest.ZERO, Digest.ZERO), 3);
    assertProven(EvidenceKind.CHECKPOINT, 3);
  }

  @Test
  void replicaThatReportsTwoThingsAsPreparedIsProvenFaulty() {
    replica.hearViewChange(1, Optional.of(prepared), 3);
    replica.hearViewChange(1, Optional.empty(), 3);
    assertProven(EvidenceKind.VIEW_CHANGE, 3);
  }

  @Test
  void viewChangeThatIsRepeatedWithALaterStableCheckpointIsNoEvidence() {
    CheckpointCertificate stable = chain.certified(chain.execute(Digest.ZERO, first), 0, 1, 3);
    replica.hearViewChange(1, Optional.of(prepared), 3);
    replica.hear(new ViewChange(1, Optional.of(stable), Optional.of(prepared)), 3);
    assertThat(replica.evidence()).isEmpty();
  }

  @Test
  void replicaThatForgetsItsCommitIsProvenFaulty() {
    replica.hearCommits(0, first, 3);
    replica.hearViewChange(1, Optional.empty(), 3);
    assertProven(EvidenceKind.FORGOTTEN_COMMIT, 3);
  }

  @Test
  void forgottenCommitIsSeenInsideANewViewToo() {
    replica.hearCommits(0, first, 3);
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    assertProven(EvidenceKind.FORGOTTEN_COMMIT, 3);
  }

  @Test
  void replicaThatReportsItsCommitIsNotAccused() {
    replica.hearCommits(0, first, 3);
    replica.hearViewChange(1, Optional.of(prepared), 3);
    assertThat(replica.evidence()).isEmpty();
  }

  @Test
  void primaryWithTwoNewViewsIsProvenFaulty() {
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    replica.hearNewView(replica.newView(1, Optional.of(prepared), 0, 1, 2));
    assertProven(EvidenceKind.NEW_VIEW, 1);
  }

  // More than f faulty: what this replica says must still not make it one of them.

  /** Replicas 0, 1 and 3 prepare two chains in one view. */
  private void prepareTwoChains() {
    replica.hearProposal(first);
    replica.hearPrepares(0, first, 1, 3);
    replica.hearProposal(onRival);
    replica.hearPrepares(0, onRival, 1, 3);
    replica.hear(3, new Transfer.ProposedBlocks(List.of(onRival, rival)));
  }

  @Test
  void commitsOfOneViewLieOnOneChainHoweverManyAreFaulty() {
    prepareTwoChains();
    assertThat(replica.said(Commit.class)).containsExactly(new Commit(0, first.id()));
  }

  @Test
  void commitsOfOneViewLieOnOneChainAcrossARestart() {
    prepareTwoChains();
    replica.restart();
    assertThat(replica.said(Commit.class)).containsExactly(new Commit(0, first.id()));
  }

  @Test
  void replicaStopsWhenABlockBecomesFinalBesideWhatItCommitted() {
    replica.hearProposal(first);
    replica.hearPrepares(0, first, 1, 3);
    assertThatThrownBy(() -> hearFinal(0, rival))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("beside what was prepared");
  }

  // R9, A7: a fork stops the replica, and what proves it is at hand.

  private void hearFinal(long view, Block block) {
    replica.hear(
        3,
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    chain.committed(view, block, 0, 1, 3), Optional.empty()))));
  }

  private void assertFork(ThrowingCallable last, int links) {
    assertThatThrownBy(last)
        .isInstanceOfSatisfying(
            ForkError.class,
            fork -> {
              assertThat(fork.first().vote().block()).isEqualTo(first.id());
              assertThat(fork.second().vote().block()).isNotEqualTo(first.id());
              assertThat(fork.links()).hasSize(links);
            });
  }

  @Test
  void certificateOfAnotherBlockIsAForkAfterTheFirstWasDecided() {
    hearFinal(0, first);
    assertThat(replica.decidedBlocks()).containsExactly(first);
    assertFork(() -> hearFinal(3, rival), 0);
  }

  @Test
  void votesThatCommitAnotherBlockAreAForkAfterTheFirstWasDecided() {
    hearFinal(0, first);
    replica.hearCommits(0, rival, 0, 1);
    assertFork(() -> replica.hearCommits(0, rival, 3), 0);
  }

  @Test
  void certificateOfABlockThatDoesNotFollowIsAForkShownByItsHeader() {
    hearFinal(0, first);
    assertFork(() -> hearFinal(0, onRival), 1);
  }

  @Test
  void sameBlockCommittedInTwoViewsIsNoFork() {
    hearFinal(0, first);
    hearFinal(1, first);
    assertThat(replica.decidedBlocks()).containsExactly(first);
  }
}
