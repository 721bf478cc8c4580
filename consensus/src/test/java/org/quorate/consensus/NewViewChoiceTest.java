package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * PROTOCOL.md, R13 and R15: what a primary begins its view with. Replica 2 of four leads view 2.
 */
final class NewViewChoiceTest {
  private static final int WINDOW = TestChain.PARAMETERS.windowBlocks();

  private final TestChain chain = new TestChain(4);
  private final SingleReplica primary = new SingleReplica(chain, 2);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block first = chain.block(0, genesis, chain.transaction(1));
  private final Block second = chain.block(0, first.header(), chain.transaction(2));

  private Optional<QuorumCertificate> prepared(long view, Block block) {
    return Optional.of(chain.prepared(view, block.id(), 0, 1, 3));
  }

  private static List<Integer> shown(SingleReplica replica) {
    return replica.said(NewView.class).stream()
        .flatMap(newView -> newView.viewChanges().stream())
        .map(Signed::signer)
        .map(ReplicaId::index)
        .toList();
  }

  private static List<Block> asked(SingleReplica replica, int peer, Block... candidates) {
    List<Block> asked = new ArrayList<>();
    for (Block block : candidates) {
      if (replica.sentTo(peer).contains(new Transfer.FetchProposed(block.id(), 0))) {
        asked.add(block);
      }
    }
    return asked;
  }

  @Test
  void certificateOfABlockThatNobodyGivesOutKeepsNoQuorumWaiting() {
    primary.hearViewChange(2, prepared(0, second), 0);
    primary.hearViewChange(2, Optional.empty(), 1);
    assertThat(primary.said(NewView.class)).isEmpty();
    primary.hearViewChange(2, Optional.empty(), 3);
    assertThat(shown(primary)).containsExactly(1, 2, 3);
  }

  @Test
  void bodyIsAskedOfWhoReportedItAndThenTheViewBegins() {
    primary.hearViewChange(2, prepared(0, second), 0);
    primary.hearViewChange(2, Optional.empty(), 1);
    assertThat(asked(primary, 0, second)).containsExactly(second);
    primary.hear(0, new Transfer.ProposedBlocks(List.of(second, first)));
    assertThat(shown(primary)).containsExactly(0, 1, 2);
    assertThat(primary.said(Prepare.class)).containsExactly(new Prepare(2, second.id()));
  }

  @Test
  void whoReportedABlockIsAskedForItByTurnsWithTheOthers() {
    primary.hearViewChange(2, prepared(0, second), 0);
    primary.hearViewChange(2, Optional.empty(), 1);
    List<Integer> askedFirst = new ArrayList<>();
    for (int tick = 0; tick < 4; tick++) {
      primary.forget();
      primary.fire(Timer.STATUS);
      for (int peer : new int[] {0, 1, 3}) {
        asked(primary, peer, second).forEach(any -> askedFirst.add(peer));
      }
    }
    assertThat(askedFirst).hasSize(4);
    assertThat(askedFirst.get(1)).isZero();
    assertThat(askedFirst.get(3)).isZero();
    assertThat(askedFirst).containsAnyOf(1, 3);
  }

  @Test
  void bodiesOfLowerReportsAreNotNeeded() {
    primary.hearProposal(first);
    Block rival = chain.block(0, genesis, chain.transaction(7));
    primary.hearViewChange(2, prepared(0, rival), 0);
    assertThat(primary.said(NewView.class)).isEmpty();
    primary.hearViewChange(2, prepared(1, first), 1);
    assertThat(shown(primary)).containsExactly(0, 1, 2);
    assertThat(primary.said(Prepare.class)).contains(new Prepare(2, first.id()));
  }

  @Test
  void blocksThatKeepItWaitingHaveTurnsThatGrow() {
    TestChain seven = new TestChain(7);
    SingleReplica one = new SingleReplica(seven, 2);
    Block of0 = seven.block(0, seven.spec().genesisHeader(), seven.transaction(1));
    Block of1 = seven.block(0, seven.spec().genesisHeader(), seven.transaction(2));
    one.hearViewChange(2, Optional.of(seven.prepared(0, of0.id(), 0, 1, 3, 4, 5)), 0);
    one.hearViewChange(2, Optional.of(seven.prepared(0, of1.id(), 0, 1, 3, 4, 5)), 1);
    one.hearViewChange(2, Optional.empty(), 3, 4);
    List<Block> turns = new ArrayList<>();
    for (int tick = 0; tick < 8; tick++) {
      one.forget();
      one.fire(Timer.STATUS);
      for (int peer = 0; peer < 7; peer++) {
        turns.addAll(asked(one, peer, of0, of1));
      }
    }
    assertThat(turns).containsExactly(of1, of0, of0, of1, of1, of0, of0, of0);
  }

  @Test
  void viewBeginsInTheStepInWhichTheRootComesUpToTheFetchedBlock() {
    primary.hearViewChange(2, prepared(0, second), 0);
    primary.hearViewChange(2, Optional.empty(), 1);
    primary.hear(0, new Transfer.ProposedBlocks(List.of(second)));
    primary.hear(
        3,
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    chain.committed(0, first, 0, 1, 3), Optional.empty()))));
    assertThat(shown(primary)).containsExactly(0, 1, 2);
  }

  @Test
  void crumbsOfALiarWasteNoAnswerOfAnother() {
    List<Block> descending = new ArrayList<>();
    BlockHeader parent = genesis;
    for (int i = 0; i < WINDOW; i++) {
      Block block = chain.block(0, parent, chain.transaction(1 + i));
      descending.add(0, block);
      parent = block.header();
    }
    primary.hearViewChange(2, prepared(0, descending.get(0)), 0);
    primary.hearViewChange(2, Optional.empty(), 1);
    for (int crumbs = 0; crumbs < 3; crumbs++) {
      primary.hear(0, new Transfer.ProposedBlocks(descending.subList(crumbs, crumbs + 1)));
    }
    primary.hear(3, new Transfer.ProposedBlocks(descending));
    assertThat(shown(primary)).containsExactly(0, 1, 2);
  }

  @Test
  void whatAViewMayBeginWithIsNotDroppedBeforeItBegins() {
    TestChain seven = new TestChain(7);
    SingleReplica one = new SingleReplica(seven, 2);
    BlockHeader root = seven.spec().genesisHeader();
    for (long view : new long[] {1, 3, 4, 5}) { // fruitless views: as many blocks as are kept
      one.hearNewView(one.newView(view, Optional.empty(), 0, 1, 3, 4, 5));
      BlockHeader parent = root;
      for (int i = 0; i < WINDOW; i++) {
        Block block = seven.block(view, parent, seven.transaction(100 * view + i));
        one.hearProposal(block);
        parent = block.header();
      }
    }
    Block lower = seven.block(0, root, seven.transaction(1));
    Block higher = seven.block(0, root, seven.transaction(2));
    one.hearViewChange(9, Optional.of(seven.prepared(6, lower.id(), 0, 1, 3, 4, 5)), 0);
    one.hearViewChange(9, Optional.of(seven.prepared(7, higher.id(), 0, 1, 3, 4, 5)), 1);
    one.hearViewChange(9, Optional.empty(), 3, 4);
    one.hear(0, new Transfer.ProposedBlocks(List.of(lower)));
    assertThat(one.liveRecords()).hasSizeLessThan(2 * WINDOW);
    assertThat(one.said(NewView.class)).isEmpty();
    one.hearViewChange(9, Optional.empty(), 5);
    assertThat(shown(one)).containsExactly(0, 2, 3, 4, 5);
    assertThat(one.said(Prepare.class)).contains(new Prepare(9, lower.id()));
  }
}
