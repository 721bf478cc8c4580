package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.proof.QuorumCertificate;

/** PROTOCOL.md, R6, R14 and R15: where a view begins. Replica 2 of four; replica 1 leads view 1. */
final class NewViewTest {
  private final TestChain chain = new TestChain(4);
  private final SingleReplica replica = new SingleReplica(chain, 2);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block first = chain.block(0, genesis, chain.transaction(1));
  private final Block second = chain.block(0, first.header(), chain.transaction(2));

  private static ViewChange viewChange(long view, QuorumCertificate prepared) {
    return new ViewChange(view, Optional.empty(), Optional.of(prepared));
  }

  private Optional<QuorumCertificate> prepared(long view, Block block) {
    return Optional.of(chain.prepared(view, block.id(), 0, 1, 3));
  }

  /** Takes in the first two blocks and forgets what was said about them. */
  private void acceptBoth() {
    replica.hearProposal(first);
    replica.hearProposal(second);
    replica.forget();
  }

  @Test
  void newViewWithNothingPreparedStartsAtTheGenesisBlock() {
    acceptBoth();
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    assertThat(replica.said(Prepare.class)).isEmpty();
    Block other = chain.block(1, genesis, chain.transaction(9));
    replica.hearProposal(other);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(1, other.id()));
  }

  @Test
  void newViewStartsAtTheHighestPreparedBlock() {
    acceptBoth();
    replica.hearNewView(
        new NewView(
            1,
            List.of(
                replica.signed(viewChange(1, chain.prepared(0, first.id(), 0, 1, 3)), 0),
                replica.signed(viewChange(1, chain.prepared(0, second.id(), 0, 1, 3)), 1),
                replica.signed(new ViewChange(1, Optional.empty(), Optional.empty()), 3))));
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(1, second.id()));
  }

  @Test
  void greaterViewOutweighsGreaterHeight() {
    acceptBoth();
    Block later = chain.block(1, genesis, chain.transaction(5));
    replica.hearNewView(
        new NewView(
            5,
            List.of(
                replica.signed(viewChange(5, chain.prepared(0, second.id(), 0, 1, 3)), 0),
                replica.signed(viewChange(5, chain.prepared(1, later.id(), 0, 1, 3)), 1),
                replica.signed(viewChange(5, chain.prepared(0, first.id(), 0, 1, 3)), 3))));
    replica.hear(1, new Transfer.ProposedBlocks(List.of(later)));
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(5, later.id()));
  }

  @Test
  void everyReplicaPreparesTheTipThePrimaryToo() {
    SingleReplica primary = new SingleReplica(chain, 1);
    primary.hearProposal(first);
    primary.forget();
    primary.hearViewChange(1, prepared(0, first), 0, 3);
    assertThat(primary.said(NewView.class)).hasSize(1);
    assertThat(primary.said(Prepare.class)).containsExactly(new Prepare(1, first.id()));
    assertThat(primary.slot().orElseThrow().parent()).isEqualTo(first.id());
  }

  @Test
  void preparedTipCommitsEachAncestorInTheNewView() {
    acceptBoth();
    replica.hearNewView(replica.newView(1, prepared(0, second), 0, 1, 3));
    replica.hearPrepares(1, second, 0, 1);
    assertThat(replica.said(Commit.class))
        .containsExactly(new Commit(1, first.id()), new Commit(1, second.id()));
    replica.hearCommits(1, first, 0, 1);
    replica.hearCommits(1, second, 0, 1);
    assertThat(replica.decidedBlocks()).containsExactly(first, second);
    assertThat(replica.decided().get(0).commit().vote().view()).isEqualTo(1);
    assertThat(replica.decidedBlocks().get(0).header().proposedView()).isZero();
  }

  @Test
  void nothingIsVotedForBelowOrBesideTheTip() {
    acceptBoth();
    replica.hearNewView(replica.newView(1, prepared(0, second), 0, 1, 3));
    replica.forget();
    replica.hearProposal(chain.block(1, genesis, chain.transaction(8)));
    replica.hearProposal(chain.block(1, first.header(), chain.transaction(8)));
    assertThat(replica.said(Prepare.class)).isEmpty();
    Block third = chain.block(1, second.header(), chain.transaction(8));
    replica.hearProposal(third);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(1, third.id()));
  }

  @Test
  void missingTipIsFetchedByHashBeforeAnythingIsSaidAboutIt() {
    replica.forget();
    replica.hearNewView(replica.newView(1, prepared(0, second), 0, 1, 3));
    assertThat(replica.said(Prepare.class)).isEmpty();
    assertThat(replica.sent()).contains(new Transfer.FetchProposed(second.id(), 0));
    Block forged = chain.block(0, first.header(), chain.transaction(3));
    replica.hear(3, new Transfer.ProposedBlocks(List.of(forged, first)));
    assertThat(replica.said(Prepare.class)).isEmpty();
    replica.hear(3, new Transfer.ProposedBlocks(List.of(second)));
    assertThat(replica.said(Prepare.class)).isEmpty();
    replica.hear(3, new Transfer.ProposedBlocks(List.of(first)));
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(1, second.id()));
    assertThat(replica.journal())
        .contains(new JournalRecord.Accepted(first), new JournalRecord.Accepted(second));
  }

  @Test
  void fetchedTipIsTakenInWhenTheBlocksBelowItBecomeFinal() {
    replica.hearNewView(replica.newView(1, prepared(0, second), 0, 1, 3));
    replica.hear(3, new Transfer.ProposedBlocks(List.of(second)));
    assertThat(replica.said(Prepare.class)).isEmpty();
    replica.hear(
        0,
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    chain.committed(0, first, 0, 1, 3), Optional.empty()))));
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(1, second.id()));
  }

  @Test
  void fetchIsRepeatedWithAnotherReplicaUntilItIsAnswered() {
    replica.hearNewView(replica.newView(1, prepared(0, second), 0, 1, 3));
    replica.forget();
    Transfer.FetchProposed fetch = new Transfer.FetchProposed(second.id(), 0);
    for (int tick = 0; tick < 3; tick++) {
      replica.fire(Timer.STATUS);
    }
    for (int peer : new int[] {0, 1, 3}) {
      assertThat(replica.sentTo(peer)).contains(fetch);
    }
  }

  @Test
  void commitCertificateOfAHigherViewLetsAReplicaIn() {
    replica.hear(
        0,
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    chain.committed(3, first, 0, 1, 3), Optional.empty()))));
    assertThat(replica.status().view()).isEqualTo(3);
    assertThat(replica.status().active()).isTrue();
    replica.forget();
    Block next = chain.block(3, first.header(), chain.transaction(4));
    replica.hearProposal(next);
    assertThat(replica.said(Prepare.class)).containsExactly(new Prepare(3, next.id()));
  }

  @Test
  void replicaThatLacksTheTipVotesForNothingElse() {
    replica.hearProposal(first);
    replica.forget();
    replica.hearNewView(replica.newView(1, prepared(0, second), 0, 1, 3));
    replica.hearProposal(chain.block(1, genesis, chain.transaction(8)));
    replica.hearProposal(chain.block(1, first.header(), chain.transaction(8)));
    assertThat(replica.said(Prepare.class)).isEmpty();
  }

  @Test
  void commitCertificateOfALowerViewIsNoBase() {
    replica.hearProposal(first); // and not the tip: a vote for it would forbid the rest anyway
    replica.hearNewView(replica.newView(1, prepared(0, second), 0, 1, 3));
    replica.hear(
        0,
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    chain.committed(0, first, 0, 1, 3), Optional.empty()))));
    assertThat(replica.decidedBlocks()).containsExactly(first);
    replica.forget();
    replica.hearProposal(chain.block(1, first.header(), chain.transaction(8)));
    assertThat(replica.said(Prepare.class)).isEmpty();
  }

  @Test
  void replicaThatVotedBesideTheFinalChainAbstainsForTheRestOfTheView() {
    Block rival = chain.block(0, genesis, chain.transaction(6));
    replica.hear(new PrePrepare(0, rival), 0);
    replica.hear(
        0,
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    chain.committed(0, first, 0, 1, 3), Optional.empty()))));
    replica.forget();
    replica.hearProposal(second);
    assertThat(replica.said(Prepare.class)).isEmpty();
    assertThat(replica.journal()).contains(new JournalRecord.Abstained(0));
    replica.hearNewView(replica.newView(1, prepared(0, first), 0, 1, 3));
    Block next = chain.block(1, first.header(), chain.transaction(4));
    replica.hearProposal(next);
    assertThat(replica.said(Prepare.class)).contains(new Prepare(1, next.id()));
  }
}
