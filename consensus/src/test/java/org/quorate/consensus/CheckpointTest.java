package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.CommittedBlocks;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;

/** PROTOCOL.md, R10; Castro & Liskov, OSDI '99, §4.3. */
final class CheckpointTest {
  private final TestChain chain = new TestChain(4);
  private final SingleReplica replica = new SingleReplica(chain, 1);
  private final Block first = chain.block(0, chain.spec().genesisHeader(), chain.transaction(1));
  private final Checkpoint result = chain.execute(Digest.ZERO, first);

  @BeforeEach
  void decideTheFirstBlock() {
    replica.finish(first, 2, 3);
    replica.forget();
  }

  private List<CheckpointCertificate> certified() {
    return replica.outputs().stream().flatMap(o -> o.certified().stream()).toList();
  }

  @Test
  void resultIsSignedOnceTheBlockIsExecutedAndNotBefore() {
    assertThat(replica.said(CheckpointVote.class)).isEmpty();
    replica.execute();
    assertThat(replica.said(CheckpointVote.class)).containsExactly(new CheckpointVote(result));
  }

  @Test
  void resultIsProvenByFPlusOneAndStableByAQuorum() {
    replica.execute();
    assertThat(certified()).isEmpty();
    replica.hearCheckpoints(result, 2);
    assertThat(certified()).hasSize(1);
    assertThat(replica.status().stableHeight()).isZero();
    replica.hearCheckpoints(result, 3);
    assertThat(certified()).hasSize(2);
    assertThat(certified().get(1).signatures().size()).isEqualTo(3);
    assertThat(replica.status().stableHeight()).isEqualTo(1);
  }

  @Test
  void oneReplicasCheckpointCountsOnce() {
    replica.execute();
    replica.hearCheckpoints(result, 2, 2, 2);
    assertThat(replica.status().stableHeight()).isZero();
  }

  @Test
  void watermarkWaitsForThisReplicasOwnExecution() {
    replica.hearCheckpoints(result, 0, 2, 3);
    assertThat(replica.status().stableHeight()).isZero();
    assertThat(certified()).isEmpty();
    replica.execute();
    assertThat(replica.status().stableHeight()).isEqualTo(1);
    assertThat(certified()).isNotEmpty();
  }

  @Test
  void certificateHeardBeforeTheExecutionCountsWhenItIsDone() {
    replica.hear(0, new Transfer.StableCheckpoint(chain.certified(result, 0, 2, 3)));
    assertThat(certified()).isEmpty();
    replica.execute();
    assertThat(certified()).hasSize(1);
    assertThat(replica.status().stableHeight()).isEqualTo(1);
  }

  @Test
  void stableCheckpointMovesTheWindow() {
    Block block = first;
    int window = chain.spec().parameters().windowBlocks();
    for (int height = 2; height <= window + 1; height++) {
      block = chain.block(0, block.header(), chain.transaction(height));
      replica.hearProposal(block);
    }
    int votes = replica.said(Prepare.class).size();
    assertThat(votes).isEqualTo(window - 1);
    replica.execute();
    replica.hearCheckpoints(result, 2, 3);
    replica.hearProposal(block);
    assertThat(replica.said(Prepare.class)).hasSize(window);
  }

  @Test
  void twoResultsOfOneReplicaAreEvidence() {
    replica.execute();
    replica.hearCheckpoints(result, 2);
    replica.hearCheckpoints(chain.execute(Digest.sha256(), first), 2);
    assertThat(replica.evidence()).hasSize(1);
    assertThat(replica.evidence().get(0).offender()).isEqualTo(new ReplicaId(2));
  }

  @Test
  void oneLyingReplicaDoesNotStopThisOne() {
    replica.execute();
    replica.hearCheckpoints(chain.execute(Digest.sha256(), first), 2);
    assertThat(replica.evidence()).isEmpty();
  }

  @Test
  void replicaWhoseOwnResultIsProvenWrongStops() {
    replica.execute();
    Checkpoint other = chain.execute(Digest.sha256(), first);
    replica.hearCheckpoints(other, 2);
    assertThatThrownBy(() -> replica.hearCheckpoints(other, 3))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("but proven is");
  }

  @Test
  void executionOutOfOrderIsABrokenInvariant() {
    Block second = chain.block(0, first.header(), chain.transaction(2));
    Input skipped = new Input.Executed(chain.execute(Digest.ZERO, second));
    assertThatThrownBy(() -> replica.step(skipped)).isInstanceOf(AssertionError.class);
  }

  @Test
  void checkpointFarAheadIsNotKept() {
    Checkpoint far = new Checkpoint(new BlockId(1_000_000, first.hash()), Digest.ZERO, Digest.ZERO);
    replica.hearCheckpoints(far, 0, 2, 3);
    Checkpoint other = new Checkpoint(far.block(), Digest.sha256(), Digest.ZERO);
    replica.hearCheckpoints(other, 0, 2, 3);
    assertThat(replica.evidence()).isEmpty();
  }

  /** Both blocks are executed, and the second becomes stable by what the others say of it alone. */
  private Checkpoint jumpOverTheFirst() {
    Block second = chain.block(0, first.header(), chain.transaction(2));
    replica.finish(second, 2, 3);
    Checkpoint last = replica.execute();
    for (int other : new int[] {0, 2, 3}) {
      replica.hear(other, new Transfer.Status(0, true, 0, 2, 2, List.of()));
    }
    replica.hear(3, new Transfer.StableCheckpoint(chain.certified(last, 0, 2, 3)));
    assertThat(replica.status().stableHeight()).isEqualTo(2);
    replica.forget();
    return last;
  }

  private List<Integer> askedForTheFirst() {
    return IntStream.range(0, 4)
        .filter(peer -> replica.sentTo(peer).contains(new Transfer.FetchCommitted(1, 1)))
        .boxed()
        .toList();
  }

  private void answer(int from, Optional<CheckpointCertificate> proof) {
    CommittedBlocks.Item item = new CommittedBlocks.Item(chain.committed(0, first, 0, 2, 3), proof);
    replica.hear(from, new CommittedBlocks(List.of(item)));
  }

  @Test
  void proofThatTheWatermarkJumpedOverIsFetchedFromOneAfterTheOther() {
    jumpOverTheFirst();
    replica.fire(Timer.STATUS);
    assertThat(askedForTheFirst()).isEmpty(); // it may be on its way
    replica.fire(Timer.STATUS);
    assertThat(askedForTheFirst()).hasSize(1);
    answer(askedForTheFirst().get(0), Optional.empty());
    assertThat(certified()).isEmpty();
    replica.fire(Timer.STATUS);
    assertThat(askedForTheFirst()).hasSize(2);
    answer(askedForTheFirst().get(1), Optional.of(chain.certified(result, 0, 3)));
    assertThat(certified()).containsExactly(chain.certified(result, 0, 3));
    replica.forget();
    for (int tick = 0; tick < 8; tick++) {
      replica.fire(Timer.STATUS);
    }
    assertThat(askedForTheFirst()).isEmpty();
  }

  @Test
  void proofThatDoesNotComeIsAskedForWithEachTickAndThenLessOften() {
    jumpOverTheFirst();
    List<Integer> ticks = new ArrayList<>();
    for (int tick = 1; tick <= 40; tick++) {
      replica.forget();
      replica.fire(Timer.STATUS);
      if (!askedForTheFirst().isEmpty()) {
        ticks.add(tick);
        answer(askedForTheFirst().get(0), Optional.empty());
      }
    }
    assertThat(ticks)
        .containsExactly(
            2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 24, 28, 32, 36, 40);
  }

  @Test
  void proofIsStillSoughtAfterARestartAndManyBlocksLater() {
    jumpOverTheFirst();
    replica.restart();
    BlockHeader parent = replica.ledger().tip().header();
    for (int i = 0; i < 3 * chain.spec().parameters().windowBlocks(); i++) {
      Block next = chain.block(0, parent, chain.transaction(10 + i));
      replica.finish(next, 2, 3);
      replica.hearCheckpoints(replica.execute(), 0, 2, 3);
      parent = next.header();
    }
    replica.restart();
    assertThat(replica.said(CheckpointVote.class)).isEmpty(); // nobody needs to hear all that again
    replica.forget();
    replica.hear(0, new Transfer.Status(0, true, 0, 20, 20, List.of()));
    replica.fire(Timer.STATUS);
    replica.fire(Timer.STATUS);
    assertThat(askedForTheFirst()).containsExactly(0);
    replica.hearCheckpoints(result, 2);
    assertThat(certified()).hasSize(1);
    assertThat(certified().get(0).checkpoint()).isEqualTo(result);
  }

  @Test
  void blocksThatAreHandedOutWithoutAProofComeWithThisReplicasWord() {
    replica.execute();
    replica.forget();
    replica.hear(3, new Transfer.FetchCommitted(1, 1));
    assertThat(replica.sentTo(3)).hasSize(1);
    assertThat(replica.said(CheckpointVote.class)).containsExactly(new CheckpointVote(result));
    replica.hearCheckpoints(result, 2);
    replica.forget();
    replica.hear(3, new Transfer.FetchCommitted(1, 1));
    assertThat(replica.sentTo(3)).isEmpty();
  }

  @Test
  void wordsThatGoWithBlocksAreCountedBetweenTwoTicks() {
    BlockHeader parent = first.header();
    for (int i = 0; i < 2 * CatchUp.RANGE_BLOCKS_MAX; i++) {
      Block next = chain.block(0, parent, chain.transaction(10 + i));
      CommittedBlocks.Item item =
          new CommittedBlocks.Item(chain.committed(0, next, 0, 2, 3), Optional.empty());
      replica.hear(0, new CommittedBlocks(List.of(item)));
      replica.execute();
      parent = next.header();
    }
    for (int tick = 1; tick <= 2; tick++) {
      replica.forget();
      for (int time = 0; time < 4; time++) {
        replica.hear(3, new Transfer.FetchCommitted(1, CatchUp.RANGE_BLOCKS_MAX));
      }
      assertThat(replica.sentTo(3)).hasSize(CatchUp.RANGE_BLOCKS_MAX);
      replica.fire(Timer.STATUS);
    }
  }
}
