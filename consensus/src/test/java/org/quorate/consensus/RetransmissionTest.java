package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.SlotStatus;
import org.quorate.consensus.message.Transfer.Status;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;

/** PROTOCOL.md, R16: replica 2 of four answers the others' STATUS. */
final class RetransmissionTest {
  private final TestChain chain = new TestChain(4);
  private final SingleReplica replica = new SingleReplica(chain, 2);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block first = chain.block(0, genesis, chain.transaction(1));
  private final Block second = chain.block(0, first.header(), chain.transaction(2));

  private List<Object> contentsSentTo(int peer) {
    return replica.sentTo(peer).stream()
        .map(message -> message instanceof Signed<?> signed ? (Object) signed.content() : message)
        .toList();
  }

  private void hearStatus(int from, Status status) {
    replica.forget();
    replica.hear(from, status);
  }

  private static Status status(long view, boolean active, long committed, SlotStatus... slots) {
    return new Status(view, active, view, committed, 0, List.of(slots));
  }

  @Test
  void statusIsSentOnConnectingAndTellsWhoseVotesAreThere() {
    replica.hearProposal(first);
    replica.hearCommits(0, first, 3);
    replica.forget();
    replica.step(new Input.Connected(new ReplicaId(1)));
    ReplicaId zero = new ReplicaId(0);
    ReplicaId two = new ReplicaId(2);
    assertThat(replica.sentTo(1))
        .containsExactly(
            status(
                0,
                true,
                0,
                new SlotStatus(1, true, List.of(zero, two), List.of(new ReplicaId(3)))));
  }

  @Test
  void statusIsAnsweredWithExactlyWhatIsMissing() {
    replica.hearProposal(first);
    replica.hearPrepares(0, first, 1);
    hearStatus(1, status(0, true, 0));
    assertThat(contentsSentTo(1))
        .containsExactly(
            new PrePrepare(0, first), new Prepare(0, first.id()), new Commit(0, first.id()));
    List<ReplicaId> known = List.of(new ReplicaId(2));
    hearStatus(1, status(0, true, 0, new SlotStatus(1, true, known, List.of())));
    assertThat(contentsSentTo(1)).containsExactly(new Commit(0, first.id()));
    hearStatus(1, status(0, true, 0, new SlotStatus(1, true, known, known)));
    assertThat(contentsSentTo(1)).isEmpty();
  }

  @Test
  void floodOfStatusIsNotAnswered() {
    replica.hearProposal(first);
    replica.forget();
    for (int i = 0; i < 100; i++) {
      replica.hear(1, status(0, true, 0));
    }
    int answered = replica.sentTo(1).size();
    assertThat(answered).isLessThan(20);
    replica.fire(Timer.STATUS);
    replica.hear(1, status(0, true, 0));
    assertThat(replica.sentTo(1)).hasSizeGreaterThan(answered);
  }

  @Test
  void replicaBehindIsSentNoVotesAboveTheWindowThatItIsIn() {
    int window = TestChain.PARAMETERS.windowBlocks();
    replica.finish(first, 1, 3);
    replica.hearCheckpoints(replica.execute(), 0, 3);
    BlockHeader parent = first.header();
    for (int height = 2; height <= window + 1; height++) {
      Block block = chain.block(0, parent, chain.transaction(height));
      replica.hearProposal(block);
      parent = block.header();
    }

    hearStatus(1, status(0, true, 0));
    assertThat(proposedHeights()).hasSize(window - 1).contains((long) window);
    hearStatus(1, status(0, true, 1));
    assertThat(proposedHeights()).hasSize(window).contains(window + 1L);
  }

  private List<Long> proposedHeights() {
    return contentsSentTo(1).stream()
        .filter(PrePrepare.class::isInstance)
        .map(content -> ((PrePrepare) content).block().height())
        .toList();
  }

  @Test
  void replicaFarBehindIsSentNoResultsThatItDoesNotKeep() {
    int window = TestChain.PARAMETERS.windowBlocks();
    BlockHeader parent = genesis;
    int height = 1;
    for (; height <= 3 * window + CatchUp.AHEAD_BLOCKS_MAX; height++) {
      Block block = chain.block(0, parent, chain.transaction(height));
      replica.finish(block, 1, 3);
      replica.hearCheckpoints(replica.execute(), 0, 3);
      parent = block.header();
    }
    Block last = chain.block(0, parent, chain.transaction(height));
    replica.finish(last, 1, 3);
    Checkpoint result = replica.execute();

    hearStatus(1, status(0, true, 0));
    assertThat(contentsSentTo(1)).noneMatch(CheckpointVote.class::isInstance);
    hearStatus(1, new Status(0, true, 0, height, height - 1, List.of()));
    assertThat(contentsSentTo(1)).contains(new CheckpointVote(result));
  }

  @Test
  void replicaBehindInViewsGetsTheViewChangeOrTheNewView() {
    replica.pending(true);
    replica.leaveView();
    hearStatus(0, status(0, true, 0));
    assertThat(contentsSentTo(0)).anyMatch(ViewChange.class::isInstance);
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    hearStatus(0, status(1, false, 0));
    assertThat(contentsSentTo(0)).contains(replica.newView(1, Optional.empty(), 0, 1, 3));
  }

  @Test
  void replicaBehindInCheckpointsGetsThem() {
    replica.finish(first, 1, 3);
    Checkpoint result = replica.execute();
    hearStatus(1, status(0, true, 1));
    assertThat(contentsSentTo(1)).containsExactly(new CheckpointVote(result));
    replica.hearCheckpoints(result, 0, 3);
    hearStatus(1, status(0, true, 1));
    assertThat(contentsSentTo(1)).anyMatch(Transfer.StableCheckpoint.class::isInstance);
  }

  @Test
  void requestForFinalBlocksIsPassedToTheDriver() {
    Output output = replica.hear(3, new Transfer.FetchCommitted(7, 9));
    assertThat(output.wanted()).containsExactly(new Output.Wanted(new ReplicaId(3), 7, 9));
  }

  @Test
  void requestForAProposedBlockIsAnsweredWithItsBranch() {
    replica.hearProposal(first);
    replica.hearProposal(second);
    replica.forget();
    replica.hear(3, new Transfer.FetchProposed(second.id(), 0));
    assertThat(replica.sentTo(3))
        .containsExactly(new Transfer.ProposedBlocks(List.of(second, first)));
    replica.forget();
    replica.hear(3, new Transfer.FetchProposed(second.id(), 1));
    assertThat(replica.sentTo(3)).containsExactly(new Transfer.ProposedBlocks(List.of(second)));
  }

  @Test
  void blocksAreSentToWhoeverAsksOnlySoManyTimesBetweenTwoTicks() {
    replica.hearProposal(first);
    replica.forget();
    Transfer.FetchProposed request = new Transfer.FetchProposed(first.id(), 0);
    int asked = 5_000;
    for (int i = 0; i < asked; i++) {
      replica.hear(3, request);
    }
    assertThat(replica.sentTo(3)).hasSizeLessThan(asked);
    hearStatus(3, status(0, true, 0));
    assertThat(contentsSentTo(3))
        .noneMatch(PrePrepare.class::isInstance)
        .anyMatch(Prepare.class::isInstance);
    replica.hear(0, request);
    assertThat(replica.sentTo(0)).as("others have an allowance of their own").isNotEmpty();
    replica.fire(Timer.STATUS);
    replica.forget();
    replica.hear(3, request);
    assertThat(replica.sentTo(3)).isNotEmpty();
  }

  @Test
  void idleReplicaSaysWhereItStandsNowAndThen() {
    replica.forget();
    for (int tick = 0; tick < 16; tick++) {
      replica.fire(Timer.STATUS);
    }
    assertThat(replica.sent()).hasSize(2).allMatch(Status.class::isInstance);
  }
}
