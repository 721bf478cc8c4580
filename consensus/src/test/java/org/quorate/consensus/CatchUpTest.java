package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.BadAnswer.Reason;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.CommittedBlocks;
import org.quorate.consensus.message.Transfer.FetchCommitted;
import org.quorate.consensus.message.Transfer.Status;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedBlock;

/** PROTOCOL.md, R17: replica 2 of four fetches final blocks from the others. */
final class CatchUpTest {
  private static final int RANGE = CatchUp.RANGE_BLOCKS_MAX;
  private static final int AHEAD = CatchUp.AHEAD_BLOCKS_MAX;

  /** How far below the last executed block a replica still says what it got (R10). */
  private static final int TRACKED = 2 * TestChain.PARAMETERS.windowBlocks() + AHEAD;

  private final TestChain chain = new TestChain(4);
  private final SingleReplica replica = new SingleReplica(chain, 2);
  private final List<CommittedBlock> blocks =
      blocks(chain, ChainTip.UNPROVEN_BLOCKS_MAX + RANGE, height -> 1, 1);

  /** A chain whose blocks have so many transactions, and those values of so many bytes. */
  private static List<CommittedBlock> blocks(
      TestChain chain, int count, IntUnaryOperator transactionsAtHeight, int valueBytes) {
    List<CommittedBlock> blocks = new ArrayList<>();
    BlockHeader parent = chain.spec().genesisHeader();
    String value = "x".repeat(valueBytes);
    long nonce = 0;
    for (int height = 1; height <= count; height++) {
      List<Transaction> transactions = new ArrayList<>();
      for (int i = 0; i < transactionsAtHeight.applyAsInt(height); i++) {
        transactions.add(chain.transaction(0, ++nonce, value));
      }
      Block block = chain.block(0, parent, parent.timestampMillis() + 1, transactions);
      blocks.add(chain.committed(0, block, 0, 1, 3));
      parent = block.header();
    }
    return blocks;
  }

  private CommittedBlocks answer(long from, long to) {
    return answer(blocks.subList((int) from - 1, (int) to));
  }

  private static CommittedBlocks answer(List<CommittedBlock> blocks) {
    return new CommittedBlocks(
        blocks.stream().map(b -> new CommittedBlocks.Item(b, Optional.empty())).toList());
  }

  private void claim(long height, int... peers) {
    for (int peer : peers) {
      replica.hear(peer, new Status(0, true, 0, height, 0, List.of()));
    }
  }

  private void tick(int times) {
    for (int i = 0; i < times; i++) {
      replica.fire(Timer.STATUS);
    }
  }

  private List<FetchCommitted> askedOf(int peer) {
    return replica.sentTo(peer).stream()
        .filter(FetchCommitted.class::isInstance)
        .map(FetchCommitted.class::cast)
        .toList();
  }

  private static FetchCommitted fetch(long from, long to) {
    return new FetchCommitted(from, to);
  }

  private List<BadAnswer> badAnswers() {
    return replica.outputs().stream().flatMap(output -> output.badAnswers().stream()).toList();
  }

  private static BadAnswer bad(int peer, Reason reason) {
    return new BadAnswer(new ReplicaId(peer), reason);
  }

  private long root() {
    return replica.status().lastFinal().height();
  }

  @Test
  void replicaFarBehindAsksAtOnceAndTakesWhatProvesItself() {
    claim(4, 3);
    assertThat(askedOf(3)).containsExactly(fetch(1, 4));
    replica.hear(3, answer(1, 4));
    assertThat(replica.decided()).isEqualTo(blocks.subList(0, 4));
  }

  @Test
  void replicaThatOnlyLagsALittleWaitsATickBeforeItAsks() {
    replica.finish(blocks.get(0).block(), 1, 3);
    tick(1);
    claim(2, 3);
    assertThat(askedOf(3)).isEmpty();
    tick(1);
    assertThat(askedOf(3)).containsExactly(fetch(2, 2));
  }

  @Test
  void severalPeersAreAskedForDifferentBlocksAndNoneForTwoRangesAtATime() {
    claim(1_000, 0, 1, 3);
    claim(1_000, 0, 1, 3);
    assertThat(askedOf(0)).containsExactly(fetch(1, RANGE));
    assertThat(askedOf(1)).containsExactly(fetch(RANGE + 1, 2 * RANGE));
    assertThat(askedOf(3)).containsExactly(fetch(2 * RANGE + 1, 3 * RANGE));
  }

  @Test
  void whoeverHasAnsweredIsAskedForMore() {
    claim(1_000, 0, 1);
    replica.hear(1, answer(RANGE + 1, 2 * RANGE));
    assertThat(askedOf(1)).last().isEqualTo(fetch(2 * RANGE + 1, 3 * RANGE));
  }

  @Test
  void answersThatComeBeforeTheBlocksBelowThemAreHeld() {
    claim(2 * RANGE, 0, 1);
    replica.hear(1, answer(RANGE + 1, 2 * RANGE));
    assertThat(replica.decided()).isEmpty();
    replica.hear(0, answer(1, RANGE));
    assertThat(replica.decided()).isEqualTo(blocks.subList(0, 2 * RANGE));
  }

  @Test
  void heldBlocksAreDecidedAlsoWhenThoseBelowThemBecomeFinalByVotes() {
    claim(1, 0);
    claim(3, 1);
    replica.hear(1, answer(2, 3));
    assertThat(replica.decided()).isEmpty();
    replica.finish(blocks.get(0).block(), 1, 3);
    assertThat(replica.decided()).hasSize(3);
  }

  @Test
  void shortAnswerIsTakenAndTheRestIsAskedForAgain() {
    claim(RANGE, 0);
    replica.hear(0, answer(1, 10));
    assertThat(root()).isEqualTo(10);
    assertThat(badAnswers()).isEmpty();
    assertThat(askedOf(0)).last().isEqualTo(fetch(11, RANGE));
  }

  @Test
  void restOfAShortAnswerEndsWhereTheNextRangeBegins() {
    claim(1_000, 0, 1);
    replica.hear(0, answer(1, 10));
    assertThat(askedOf(0)).last().isEqualTo(fetch(11, RANGE));
    replica.hear(1, answer(RANGE + 1, RANGE + 10));
    assertThat(askedOf(1)).last().isEqualTo(fetch(RANGE + 11, 2 * RANGE + 10));
  }

  @Test
  void whoeverHasNothingOfItIsNotBlamedAndNotAskedAgainUntilItSaysSo() {
    claim(RANGE, 0);
    replica.hear(0, answer(List.of()));
    tick(1);
    assertThat(askedOf(0)).hasSize(1);
    assertThat(badAnswers()).isEmpty();
    claim(RANGE, 0);
    assertThat(askedOf(0)).hasSize(2);
  }

  @Test
  void noPeerIsAskedForMoreThanItClaims() {
    claim(10, 0);
    claim(20, 1);
    claim(15, 3);
    assertThat(askedOf(0)).containsExactly(fetch(1, 10));
    assertThat(askedOf(1)).containsExactly(fetch(11, 20));
    assertThat(askedOf(3)).isEmpty();
  }

  @Test
  void liarThatClaimsAHugeHeightCostsOnlyItsOwnTurn() {
    claim(Long.MAX_VALUE, 0);
    claim(1_000, 1, 3);
    assertThat(askedOf(0)).containsExactly(fetch(1, RANGE));
    tick(CatchUp.PATIENCE_TICKS);
    claim(Long.MAX_VALUE, 0);
    claim(1_000, 1, 3);
    replica.forget();
    for (long height = 1; height <= 1_000; height += RANGE) {
      long to = Math.min(1_000, height + RANGE - 1);
      int peer = askedOf(1).contains(fetch(height, to)) ? 1 : 3;
      replica.hear(peer, answer(height, to));
      replica.execute();
    }
    assertThat(root()).isEqualTo(1_000);
  }

  private void assertDropped(int offender, Reason reason) {
    assertThat(badAnswers()).containsExactly(bad(offender, reason));
    assertThat(askedOf(1)).contains(fetch(1, RANGE));
    claim(RANGE, offender);
    assertThat(askedOf(offender)).hasSize(1);
    replica.hear(1, answer(1, RANGE));
    assertThat(root()).isEqualTo(RANGE);
  }

  @Test
  void answerOfOtherHeightsDropsThePeerAndItsRangeIsAskedOfAnother() {
    claim(RANGE, 0, 1);
    replica.hear(0, answer(2, RANGE));
    assertDropped(0, Reason.WRONG_HEIGHTS);
  }

  @Test
  void answerWithAGapDropsThePeer() {
    claim(RANGE, 0, 1);
    List<CommittedBlock> gap = new ArrayList<>(blocks.subList(0, RANGE));
    gap.remove(7);
    replica.hear(0, answer(gap));
    assertDropped(0, Reason.WRONG_HEIGHTS);
  }

  @Test
  void answerOfMoreThanWasAskedForDropsThePeer() {
    claim(RANGE, 0, 1);
    replica.hear(0, answer(1, RANGE + 1));
    assertDropped(0, Reason.WRONG_HEIGHTS);
  }

  @Test
  void answerThatIsRejectedBeforeItGetsHereDropsThePeer() {
    claim(RANGE, 0, 1);
    replica.step(new Input.Rejected(new ReplicaId(0)));
    assertDropped(0, Reason.REJECTED);
  }

  @Test
  void rejectedMessageOfAPeerThatOwesNothingIsOfNoInterest() {
    claim(RANGE, 0);
    replica.step(new Input.Rejected(new ReplicaId(1)));
    assertThat(badAnswers()).isEmpty();
    assertThat(askedOf(0)).hasSize(1);
  }

  @Test
  void peerThatDoesNotAnswerLosesItsTurn() {
    claim(RANGE, 0, 1);
    tick(CatchUp.PATIENCE_TICKS - 1);
    assertThat(badAnswers()).isEmpty();
    tick(1);
    assertDropped(0, Reason.SILENT);
  }

  @Test
  void peerThatFailsAgainRestsLonger() {
    claim(RANGE, 0);
    replica.step(new Input.Rejected(new ReplicaId(0)));
    // Progress by another's answers: else the one peer there is would be asked all the same.
    replica.hear(1, answer(1, 1));
    tick(1);
    List<Integer> rests = new ArrayList<>();
    for (int fault = 0; fault < 3; fault++) {
      int asked = askedOf(0).size();
      int ticks = 0;
      while (askedOf(0).size() == asked) {
        replica.hear(1, answer(root() + 1, root() + 1));
        claim(1_000, 0);
        tick(1);
        ticks++;
      }
      rests.add(ticks);
      replica.step(new Input.Rejected(new ReplicaId(0)));
    }
    assertThat(rests).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void peerThatRestsIsAskedAllTheSameWhenNothingElseIsLeft() {
    claim(RANGE, 0);
    replica.step(new Input.Rejected(new ReplicaId(0)));
    tick(1);
    claim(RANGE, 0);
    assertThat(askedOf(0)).hasSize(2);
  }

  @Test
  void newLinkEndsTheWaitAndNobodyIsBlamed() {
    claim(RANGE, 0, 1);
    replica.step(new Input.Connected(new ReplicaId(0)));
    assertThat(askedOf(1)).containsExactly(fetch(1, RANGE));
    assertThat(badAnswers()).isEmpty();
  }

  @Test
  void liarThatMakesItsLinkNewAgainAndAgainDoesNotKeepTheLowestBlocksToItself() {
    claim(RANGE, 0, 1, 3);
    assertThat(askedOf(0)).containsExactly(fetch(1, RANGE));
    // Whenever it would be its turn, if each tick were one.
    for (int round = 0; round < 4; round++) {
      tick(2);
      replica.step(new Input.Connected(new ReplicaId(0)));
    }
    assertThat(askedOf(3)).contains(fetch(1, RANGE));
    assertThat(askedOf(1)).contains(fetch(1, RANGE));
  }

  @Test
  void answerThatComesTooLateIsNotTakenForABadOne() {
    claim(1_000, 0, 1);
    replica.step(new Input.Connected(new ReplicaId(0)));
    replica.hear(1, answer(RANGE + 1, 2 * RANGE));
    replica.step(new Input.Connected(new ReplicaId(1)));
    replica.hear(0, answer(1, RANGE));
    assertThat(badAnswers()).isEmpty();
  }

  @Test
  void blocksThatNobodyAskedForAreTakenIfTheyFollowTheRoot() {
    replica.hear(3, answer(2, 5));
    assertThat(replica.decided()).isEmpty();
    replica.hear(3, answer(1, 5));
    assertThat(root()).isEqualTo(5);
  }

  @Test
  void executionIsNotOutrunByBlocksThatNobodyAskedFor() {
    for (int height = 1; height <= 2 * AHEAD; height += RANGE) {
      replica.hear(3, answer(height, height + RANGE - 1));
    }
    assertThat(root()).isEqualTo(AHEAD);
  }

  @Test
  void nothingIsAskedForThatIsFarAheadOfExecution() {
    claim(2 * AHEAD, 0);
    for (int height = 1; height <= AHEAD; height += RANGE) {
      replica.hear(0, answer(height, height + RANGE - 1));
    }
    assertThat(askedOf(0)).last().isEqualTo(fetch(AHEAD - RANGE + 1, AHEAD));
    assertThat(root()).isEqualTo(AHEAD);
    replica.execute();
    assertThat(askedOf(0)).last().matches(asked -> asked.fromHeight() == AHEAD + 1);
  }

  /** Blocks of which nobody has said with what result they were executed. */
  private void executeWithoutProofs(int height) {
    for (int from = 1; from <= height; from += RANGE) {
      replica.hear(3, answer(from, from + RANGE - 1));
      replica.execute();
    }
    replica.forget();
  }

  private CommittedBlocks proven(int from, int to, int... signers) {
    List<CommittedBlocks.Item> items = new ArrayList<>();
    for (int height = from; height <= to; height++) {
      Checkpoint result = replica.ledger().checkpoint(height);
      items.add(
          new CommittedBlocks.Item(
              blocks.get(height - 1), Optional.of(chain.certified(result, signers))));
    }
    return new CommittedBlocks(items);
  }

  @Test
  void resultsWithoutProofThatAreFarBelowAreAskedForAtOnce() {
    executeWithoutProofs(AHEAD + RANGE);
    claim(AHEAD + RANGE, 0);
    assertThat(askedOf(0)).containsExactly(fetch(1, RANGE));
    replica.hear(0, proven(1, RANGE, 0, 3));
    claim(AHEAD + RANGE, 0, 1);
    assertThat(fetches(replica)).containsExactly(fetch(1, RANGE));
  }

  @Test
  void blocksAndProofsAreAskedForByTurns() {
    executeWithoutProofs(AHEAD + RANGE);
    claim(blocks.size(), 0, 1);
    assertThat(fetches(replica))
        .containsExactly(fetch(AHEAD + RANGE + 1, AHEAD + 2 * RANGE), fetch(1, RANGE));
    replica.hear(1, proven(1, RANGE, 0, 3));
    assertThat(askedOf(1)).last().isEqualTo(fetch(AHEAD + 2 * RANGE + 1, AHEAD + 3 * RANGE));
  }

  @Test
  void proofsAreAskedOfSeveralAtOnceWhateverLiesBetween() {
    executeWithoutProofs(AHEAD + 2 * RANGE);
    replica.hear(3, proven(2, RANGE - 1, 0, 3));
    claim(AHEAD + 2 * RANGE, 0, 1);
    assertThat(fetches(replica)).containsExactly(fetch(1, RANGE), fetch(RANGE + 1, 2 * RANGE));
  }

  @Test
  void whoAnswersWithoutAProofIsAskedForNoneUntilTheNextTick() {
    executeWithoutProofs(AHEAD + RANGE);
    claim(AHEAD + RANGE, 0);
    for (int time = 1; time <= 3; time++) {
      assertThat(askedOf(0)).hasSize(time);
      replica.hear(0, answer(1, 1));
      replica.step(new Input.Connected(new ReplicaId(0)));
      assertThat(askedOf(0)).hasSize(time);
      tick(1);
    }
  }

  @Test
  void rangesThatWereWaitedForInVainAreAskedForByTurns() {
    executeWithoutProofs(2 * RANGE);
    for (int tick = 1; tick <= 60; tick++) {
      claim(2 * RANGE, 0, 1, 3);
      tick(1);
      answerAllWithoutProofs();
    }
    List<FetchCommitted> asked = new ArrayList<>();
    for (int tick = 1; tick <= 2 * ProofFetch.RETRY_TICKS; tick++) {
      tick(1);
      asked.addAll(fetches(replica));
      answerAllWithoutProofs();
    }
    assertThat(asked).containsExactlyInAnyOrder(fetch(1, RANGE), fetch(RANGE + 1, 2 * RANGE));
  }

  /** As many unproven results as are looked after: the lowest would be left behind by more. */
  private void executeAsFarAsProofsAllow() {
    executeWithoutProofs(ChainTip.UNPROVEN_BLOCKS_MAX - RANGE);
    replica.hear(3, answer(ChainTip.UNPROVEN_BLOCKS_MAX - RANGE + 1, blocks.size()));
    replica.execute();
    assertThat(root()).isEqualTo(ChainTip.UNPROVEN_BLOCKS_MAX - RANGE + 1);
    replica.forget();
  }

  @Test
  void blocksThatNobodyAskedForLeaveNoProofBehindEither() {
    executeAsFarAsProofsAllow();
    replica.hear(3, answer(root() + 1, blocks.size()));
    assertThat(root()).isEqualTo(ChainTip.UNPROVEN_BLOCKS_MAX - RANGE + 1);
    replica.hear(3, proven(1, RANGE, 0, 3));
    replica.hear(3, answer(root() + 1, blocks.size()));
    assertThat(root()).isEqualTo(ChainTip.UNPROVEN_BLOCKS_MAX + 1);
  }

  @Test
  void catchingUpWaitsForAProofThatWouldBeLeftBehindUntilAllHadTheTimeToAnswer() {
    executeAsFarAsProofsAllow();
    long next = root() + 1;
    claim(blocks.size(), 0, 1, 3);
    for (int tick = 0; tick <= CatchUp.PATIENCE_TICKS * 4; tick++) {
      assertThat(fetches(replica)).isNotEmpty().allMatch(asked -> asked.fromHeight() < next);
      answerAllWithoutProofs();
      tick(1);
    }
    answerAllWithoutProofs();
    tick(1);
    assertThat(fetches(replica)).anyMatch(asked -> asked.fromHeight() == next);
  }

  private void answerAllWithoutProofs() {
    for (int peer : new int[] {0, 1, 3}) {
      List<FetchCommitted> asked = askedOf(peer);
      for (FetchCommitted fetch : asked.subList(Math.max(0, asked.size() - 1), asked.size())) {
        replica.hear(peer, answer(fetch.fromHeight(), fetch.toHeight()));
      }
    }
    replica.forget();
  }

  @Test
  void certificatesThatComeLongBeforeTheExecutionAreNotLostAndNeedNoFurtherSignature() {
    claim(AHEAD, 0);
    Digest state = Digest.ZERO;
    for (int height = 1; height <= AHEAD; height += RANGE) {
      List<CommittedBlocks.Item> items = new ArrayList<>();
      for (CommittedBlock block : blocks.subList(height - 1, height + RANGE - 1)) {
        Checkpoint result = chain.execute(state, block.block());
        items.add(new CommittedBlocks.Item(block, Optional.of(chain.certified(result, 0, 1, 3))));
        state = result.stateRoot();
      }
      replica.hear(0, new CommittedBlocks(items));
    }
    replica.execute();
    assertThat(replica.status().stableHeight()).isEqualTo(AHEAD);
    assertThat(replica.outputs().stream().flatMap(output -> output.certified().stream()))
        .hasSize(AHEAD);
    assertThat(replica.said(CheckpointVote.class)).isEmpty();
  }

  @Test
  void ownResultsAreNotKeptForEverWhenThoseThatComeWithTheBlocksAreNotStable() {
    for (int height = 1; height <= 2 * AHEAD; height += RANGE) {
      replica.hear(0, answer(height, height + RANGE - 1));
      replica.execute();
      replica.hear(0, proven(height, height + RANGE - 1, 0, 3));
    }
    assertThat(replica.status().stableHeight()).isZero();
    assertThat(lowestResultToldTo(3)).isEqualTo(2 * AHEAD - TRACKED);
    replica.restart(replica.liveRecords());
    assertThat(replica.said(CheckpointVote.class)).hasSize(TRACKED + 1);
    assertThat(lowestResultToldTo(3)).isEqualTo(2 * AHEAD - TRACKED);
  }

  private long lowestResultToldTo(int peer) {
    replica.hear(peer, new Status(0, true, 0, 0, 0, List.of()));
    return replica.sentTo(peer).stream()
        .filter(message -> message instanceof Signed<?>)
        .map(message -> ((Signed<?>) message).content())
        .filter(CheckpointVote.class::isInstance)
        .mapToLong(content -> ((CheckpointVote) content).checkpoint().height())
        .min()
        .orElseThrow();
  }

  /** A chain that allows large blocks. */
  private static TestChain largeChain() {
    return new TestChain(4, new ChainParameters(4, 600_000, 600_000, 8, 20, 200, 500, 0));
  }

  private static List<FetchCommitted> fetches(SingleReplica of) {
    return of.sent().stream()
        .filter(FetchCommitted.class::isInstance)
        .map(FetchCommitted.class::cast)
        .toList();
  }

  @Test
  void bytesThatWaitForExecutionAreBounded() {
    TestChain large = largeChain();
    SingleReplica slow = new SingleReplica(large, 2);
    List<CommittedBlock> all = blocks(large, 80, height -> 10, 50_000);
    slow.hear(0, new Status(0, true, 0, 80, 0, List.of()));
    for (int height = 1; height <= 80; height += 5) {
      slow.hear(0, answer(all.subList(height - 1, height + 4)));
    }
    long undone = slow.decidedBlocks().stream().mapToLong(Block::transactionBytes).sum();
    assertThat(undone)
        .isBetween(
            CatchUp.UNEXECUTED_BYTES_MAX, CatchUp.UNEXECUTED_BYTES_MAX + Transfer.BYTES_SOFT_MAX);
    int asked = fetches(slow).size();
    slow.execute();
    assertThat(fetches(slow)).hasSizeGreaterThan(asked);
  }

  @Test
  void bytesThatAreHeldAreBounded() {
    TestChain large = largeChain();
    SingleReplica slow = new SingleReplica(large, 2);
    List<CommittedBlock> all = blocks(large, 2 * RANGE, height -> height <= RANGE ? 1 : 10, 50_000);
    slow.hear(0, new Status(0, true, 0, 2 * RANGE, 0, List.of()));
    slow.hear(1, new Status(0, true, 0, 2 * RANGE, 0, List.of()));
    long held = 0;
    int from = RANGE + 1;
    while (fetches(slow).contains(fetch(from, 2 * RANGE))) {
      List<CommittedBlock> some = all.subList(from - 1, from + 4);
      held += some.stream().mapToLong(block -> block.block().transactionBytes()).sum();
      slow.hear(1, answer(some));
      from += 5;
    }
    assertThat(held)
        .isBetween(CatchUp.HELD_BYTES_MAX / 2, CatchUp.HELD_BYTES_MAX + Transfer.BYTES_SOFT_MAX);
    slow.hear(0, answer(all.subList(0, RANGE / 2)));
    slow.hear(0, answer(all.subList(RANGE / 2, RANGE)));
    assertThat(fetches(slow)).contains(fetch(from, 2 * RANGE));
  }

  @Test
  void answerWithMoreBytesThanOneMayHaveDropsThePeer() {
    TestChain large = largeChain();
    SingleReplica slow = new SingleReplica(large, 2);
    slow.hear(0, new Status(0, true, 0, 80, 0, List.of()));
    slow.hear(0, answer(blocks(large, 6, height -> 10, 50_000)));
    assertThat(slow.outputs().stream().flatMap(output -> output.badAnswers().stream()))
        .containsExactly(bad(0, Reason.TOO_LONG));
  }

  /** So many blocks are executed, with proofs, so that nothing else is asked for. */
  private void executeProven(int height) {
    replica.hear(3, answer(1, height));
    replica.execute();
    replica.hear(3, proven(1, height, 0, 1, 3));
    claim(height, 0, 1, 3);
    replica.forget();
  }

  private void lose(long... heights) {
    for (long height : heights) {
      replica.step(new Input.Lost(height));
    }
  }

  private List<Long> refetched() {
    return replica.outputs().stream()
        .flatMap(output -> output.refetched().stream())
        .map(item -> item.block().block().height())
        .toList();
  }

  @Test
  void lostBlockIsAskedOfOneAfterTheOtherAndComesOutOnce() {
    executeProven(10);
    lose(4, 4);
    assertThat(fetches(replica)).isEmpty();
    tick(1);
    assertThat(askedOf(3)).containsExactly(fetch(4, 4));
    replica.hear(3, answer(List.of())); // it keeps the block no more
    tick(1);
    assertThat(askedOf(0)).containsExactly(fetch(4, 4));
    tick(1); // it does not answer
    assertThat(askedOf(1)).containsExactly(fetch(4, 4));
    replica.hear(1, proven(4, 4, 0, 3));
    assertThat(replica.outputs().stream().flatMap(output -> output.refetched().stream()))
        .containsExactlyElementsOf(proven(4, 4, 0, 3).items());
    replica.hear(0, answer(4, 4));
    tick(8);
    assertThat(refetched()).containsExactly(4L);
    assertThat(fetches(replica)).hasSize(3);
    assertThat(badAnswers()).isEmpty();
    assertThat(replica.decided()).isEmpty();
  }

  @Test
  void lostBlockThatComesTooLateIsTakenAllTheSame() {
    executeProven(10);
    lose(4);
    tick(2);
    replica.hear(3, answer(4, 4));
    assertThat(refetched()).containsExactly(4L);
    assertThat(badAnswers()).isEmpty();
  }

  @Test
  void blocksThatAreNotLostDoNotComeOut() {
    executeProven(10);
    replica.hear(3, answer(4, 4));
    lose(4, 0, -1, 11, Long.MAX_VALUE);
    tick(1);
    replica.hear(3, answer(5, 5));
    assertThat(refetched()).isEmpty();
    assertThat(badAnswers()).containsExactly(bad(3, Reason.WRONG_HEIGHTS));
    replica.hear(0, answer(11, 11));
    assertThat(root()).isEqualTo(11);
    assertThat(refetched()).isEmpty();
  }

  @Test
  void lostBlocksAreAskedForOneAtATickEachOfAllBeforeTheNext() {
    executeProven(10);
    lose(7, 2, 5);
    List<FetchCommitted> asked = new ArrayList<>();
    for (int tick = 0; tick < 10; tick++) {
      tick(1);
      asked.addAll(fetches(replica));
      replica.forget();
    }
    FetchCommitted two = fetch(2, 2);
    FetchCommitted five = fetch(5, 5);
    FetchCommitted seven = fetch(7, 7);
    assertThat(asked).containsExactly(two, two, two, five, five, five, seven, seven, seven, two);
  }

  @Test
  void lostBlocksThatAreLookedForAreBounded() {
    executeWithoutProofs(LostBlocks.HEIGHTS_MAX + RANGE);
    for (int height = 1; height <= LostBlocks.HEIGHTS_MAX + 1; height++) {
      lose(height);
    }
    replica.hear(3, answer(LostBlocks.HEIGHTS_MAX + 1, LostBlocks.HEIGHTS_MAX + 1));
    assertThat(refetched()).isEmpty();
    replica.hear(3, answer(1, 1));
    lose(LostBlocks.HEIGHTS_MAX + 1);
    replica.hear(3, answer(LostBlocks.HEIGHTS_MAX + 1, LostBlocks.HEIGHTS_MAX + 1));
    assertThat(refetched()).containsExactly(1L, LostBlocks.HEIGHTS_MAX + 1L);
  }

  @Test
  void whatIsNextIsNotKeptBackByLostBlocks() {
    executeProven(10);
    lose(4, 5, 6);
    claim(1_000, 0, 1, 3);
    assertThat(fetches(replica)).hasSize(3).allMatch(asked -> asked.fromHeight() > 10);
    tick(1); // all owe blocks that are needed
    assertThat(fetches(replica)).hasSize(3);
  }

  @Test
  void whoWasAskedForALostBlockIsAskedForWhatIsNextAtTheNextTick() {
    executeProven(10);
    lose(4);
    tick(1);
    assertThat(askedOf(3)).containsExactly(fetch(4, 4));
    claim(1_000, 3);
    assertThat(askedOf(3)).hasSize(1);
    tick(1);
    assertThat(askedOf(3)).containsExactly(fetch(4, 4), fetch(11, 10 + RANGE));
    replica.hear(3, answer(11, 10 + RANGE));
    assertThat(root()).isEqualTo(10 + RANGE);
    assertThat(badAnswers()).isEmpty();
  }

  @Test
  void certifiedBlocksThatDoNotFollowEachOtherStopTheReplica() {
    claim(2, 0);
    BlockHeader elsewhere =
        chain.block(0, chain.spec().genesisHeader(), chain.transaction(9)).header();
    Block stray = chain.block(0, elsewhere, chain.transaction(2));
    CommittedBlocks forked = answer(List.of(blocks.get(0), chain.committed(0, stray, 0, 1, 3)));
    assertThatThrownBy(() -> replica.hear(0, forked))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("more than f");
  }
}
