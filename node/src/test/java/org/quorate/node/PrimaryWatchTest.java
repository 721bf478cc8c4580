package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.ReplicaStatus;
import org.quorate.consensus.TestChain;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.mempool.Mempool;
import org.quorate.node.mempool.MempoolLimits;

/** PROTOCOL.md, R24 and R25: backup 2 of four watches primary 0. */
final class PrimaryWatchTest {
  private static final ReplicaId SELF = new ReplicaId(2);
  private static final int T = 800;
  private static final int BLOCK_MAX = 200;
  private static final int WINDOW = 64;

  /** The client whose transaction is missing, and another. */
  private static final int ONE = 1;

  private static final int OTHER = 0;

  private final TestChain chain =
      new TestChain(4, new ChainParameters(BLOCK_MAX, 1 << 20, 1_024, WINDOW, 20, T, 500, 0));
  private final Mempool pool = new Mempool(MempoolLimits.DEFAULTS, Map.of(), this::millis);
  private final InFlight inFlight = new InFlight();
  private final PrimaryWatch watch = new PrimaryWatch(SELF, chain.spec().parameters(), pool);
  private final List<Suspicion> suspicions = new ArrayList<>();
  private long nanos = TimeUnit.DAYS.toNanos(1);
  private BlockHeader last = chain.spec().genesisHeader();
  private long stableLag;
  private long patience = T;
  private long nonce;

  private long millis() {
    return nanos / 1_000_000;
  }

  private ReplicaStatus status(int primary, boolean active) {
    return new ReplicaStatus(
        primary,
        new ReplicaId(primary),
        active,
        primary,
        patience,
        new BlockId(last.height(), last.hash(chain.spec().chainHash())),
        last.height() - stableLag,
        new RecoveryStatus(RecoveryStatus.Phase.VOTING, -1, 0));
  }

  @BeforeEach
  void enter() {
    watch.viewChanged(status(0, true), nanos);
  }

  /** Time passes, and the replica's thread takes a turn now and then. */
  private void pass(int millis) {
    for (int i = 0; i < millis; i += T / 16) {
      nanos += TimeUnit.MILLISECONDS.toNanos(T / 16);
      watch.suspicion(status(0, true), inFlight, nanos).ifPresent(suspicions::add);
    }
  }

  /** The replica leaves its view for another. */
  private void enterNext() {
    watch.viewChanged(status(0, false), nanos);
    watch.viewChanged(status(0, true), nanos);
  }

  private Transaction next(int client) {
    return chain.transaction(client, ++nonce, "value");
  }

  private Transaction[] next(int client, int count) {
    Transaction[] some = new Transaction[count];
    for (int i = 0; i < count; i++) {
      some[i] = next(client);
    }
    return some;
  }

  private void handOver(Transaction transaction) {
    pool.add(transaction);
    pool.handedOver(List.of(transaction));
  }

  /** The primary proposes a block, which is final after so long, and executed. */
  private void order(int millis, Transaction... transactions) {
    Block block = chain.block(0, last, transactions);
    inFlight.accepted(block, nanos);
    pass(millis);
    finish(block);
  }

  private void finish(Block block) {
    last = block.header();
    watch.decided(block, inFlight, nanos);
    pool.executed(block);
    inFlight.executed(block.height());
  }

  // R24.

  @Test
  void primaryThatLeavesOneTransactionOutOfBlocksWithRoomIsACensor() {
    handOver(next(ONE));
    for (int i = 0; i < 4; i++) {
      order(T / 4, next(OTHER));
    }
    pass(T / 16);
    assertThat(suspicions).as("within T").isEmpty();
    for (int i = 0; i < 2; i++) {
      order(T / 4, next(OTHER));
    }
    pass(T / 16);
    assertThat(suspicions).contains(Suspicion.CENSORSHIP);
  }

  @Test
  void primaryThatOrdersOthersOfTheClientMayNotLeaveOutOne() {
    handOver(next(ONE));
    for (int i = 0; i < 8; i++) {
      order(T / 4, next(ONE));
    }
    assertThat(suspicions).contains(Suspicion.CENSORSHIP);
  }

  @Test
  void fullBlocksAreNoCensorship() {
    handOver(next(ONE));
    for (int i = 0; i < 40; i++) {
      order(T / 4, next(OTHER, SlowStart.TRANSACTIONS_MIN));
    }
    assertThat(suspicions).isEmpty();
  }

  @Test
  void primaryWhoseMempoolHasNoRoomForMoreOfTheClientIsNoCensor() {
    int half = MempoolLimits.DEFAULTS.clientTransactionsMax() / 2;
    for (int ordered = 0; ordered < half; ordered += 60) {
      order(T / 16, next(ONE, 60));
    }
    handOver(next(ONE));
    for (int i = 0; i < 8; i++) {
      order(T / 4, next(ONE, 60));
    }
    assertThat(suspicions).isEmpty();
    for (int i = 0; i < WINDOW; i++) {
      order(T / 4, next(OTHER));
    }
    assertThat(suspicions).contains(Suspicion.CENSORSHIP);
  }

  @Test
  void whereTooMuchWaitsToHaveReachedThePrimaryNobodyIsACensor() {
    handOver(next(ONE));
    for (Transaction more : next(2, CensorshipRule.WAITING_MAX)) {
      pool.add(more);
    }
    for (int i = 0; i < 40; i++) {
      order(T / 4, next(OTHER));
    }
    assertThat(suspicions).isEmpty();
  }

  @Test
  void rivalThatThePrimaryOrdersInsteadIsNoCensorship() {
    for (int i = 0; i < 40; i++) {
      long shared = ++nonce;
      handOver(chain.transaction(ONE, shared, "mine"));
      pass(T / 4);
      order(T / 4, chain.transaction(ONE, shared, "yours"));
    }
    assertThat(pool.size()).isZero();
    assertThat(suspicions).isEmpty();
  }

  @Test
  void transactionThatWasNeverHandedOverIsNotMissed() {
    pool.add(next(ONE));
    for (int i = 0; i < 40; i++) {
      order(T / 4, next(OTHER));
    }
    assertThat(suspicions).isEmpty();
  }

  @Test
  void transactionInABlockUnderWayIsNotMissed() {
    Transaction late = next(ONE);
    handOver(late);
    List<Block> blocks = new ArrayList<>();
    BlockHeader parent = last;
    for (int i = 0; i < 8; i++) {
      blocks.add(chain.block(0, parent, next(OTHER)));
      parent = blocks.get(i).header();
    }
    blocks.add(chain.block(0, parent, late));
    pass(T);
    blocks.forEach(block -> inFlight.accepted(block, nanos));
    for (Block block : blocks) {
      pass(T / 4);
      finish(block);
    }
    assertThat(suspicions).isEmpty();
  }

  @Test
  void nextPrimaryHasTheWholeTime() {
    handOver(next(ONE));
    for (int i = 0; i < 4; i++) {
      order(T / 4, next(OTHER));
    }
    enterNext();
    for (int i = 0; i < 4; i++) {
      order(T / 4, next(OTHER));
    }
    pass(T / 16);
    assertThat(suspicions).isEmpty();
  }

  @Test
  void nextPrimaryIsNotSuspectedOfWhatTheOneBeforeDid() {
    handOver(next(ONE));
    for (int i = 0; i < 5; i++) { // with the last it is found
      order(T / 4, next(OTHER));
    }
    enterNext();
    pass(T / 16);
    assertThat(suspicions).isEmpty();
  }

  @Test
  void censorIsToldOnceForEachFinding() {
    handOver(next(ONE));
    for (int i = 0; i < 5; i++) {
      order(T / 4, next(OTHER));
    }
    pass(T / 2);
    assertThat(suspicions).containsExactly(Suspicion.CENSORSHIP);
  }

  @Test
  void blocksThatWereNeverOnTheirWayHereTellOfNoCensor() {
    handOver(next(ONE));
    for (int i = 0; i < 40; i++) {
      Block fetched = chain.block(0, last, next(OTHER));
      pass(T / 8);
      finish(fetched);
    }
    assertThat(suspicions).isEmpty();
  }

  @Test
  void primaryDoesNotWatchItself() {
    watch.viewChanged(status(2, true), nanos);
    handOver(next(ONE));
    for (int i = 0; i < 40; i++) {
      order(T / 4, next(OTHER));
    }
    assertThat(suspicions).isEmpty();
    assertThat(watch.untilLookNanos(nanos)).isEqualTo(Turns.UNTIL_WOKEN);
  }

  @Test
  void whoHasLeftItsViewWatchesNobody() {
    watch.viewChanged(status(0, false), nanos);
    handOver(next(ONE));
    pass(20 * T);
    assertThat(suspicions).isEmpty();
    assertThat(watch.untilLookNanos(nanos)).isEqualTo(Turns.UNTIL_WOKEN);
  }

  // R25.

  @Test
  void nextPrimaryHasAGracePeriodOfItsOwn() {
    handOver(next(ONE));
    pass(7 * T);
    enterNext();
    pass(7 * T);
    assertThat(suspicions).isEmpty();
    pass(2 * T);
    assertThat(suspicions).containsExactly(Suspicion.SLOWNESS);
  }

  @Test
  void primaryIsGivenItsTimeForWhatWaitedBeforeItsView() {
    patience = 4 * T;
    handOver(next(ONE));
    pass(4 * T);
    enterNext();
    pass(16 * T + 5 * T / 8); // it may have each transaction for T: that much more than half
    Block late = chain.block(0, last, next(OTHER));
    inFlight.accepted(late, nanos);
    pass(16 * T);
    assertThat(suspicions).isEmpty();
  }

  @Test
  void primaryThatProposesSoonEnoughIsNotTooSlowWithWorkAllTheTime() {
    for (int i = 0; i < 100; i++) {
      Transaction transaction = next(ONE);
      handOver(transaction);
      pass(3 * T / 16);
      order(0, transaction);
    }
    assertThat(suspicions).isEmpty();
  }

  @Test
  void whoGrewPatientGivesThePrimaryMoreTimeForEachTransaction() {
    patience = 4 * T;
    for (int delayed = 0; delayed < 80 * T; delayed += 7 * T / 8) {
      Transaction transaction = next(ONE);
      handOver(transaction);
      pass(7 * T / 8);
      order(0, transaction);
    }
    assertThat(suspicions).isEmpty();
  }

  @Test
  void primaryThatDelaysEachBlockJustUnderTheTimeoutIsTooSlow() {
    for (int delayed = 0; delayed < 7 * T; delayed += 7 * T / 8) {
      Transaction transaction = next(ONE);
      handOver(transaction);
      pass(7 * T / 8);
      order(0, transaction);
    }
    assertThat(suspicions).as("within the grace period").isEmpty();
    for (int delayed = 0; delayed < 3 * T; delayed += 7 * T / 8) {
      Transaction transaction = next(ONE);
      handOver(transaction);
      pass(7 * T / 8);
      order(0, transaction);
    }
    assertThat(suspicions).containsExactly(Suspicion.SLOWNESS);
  }

  /** Full blocks, each of which must wait until a checkpoint opens the window for it. */
  private void fillWindow(int delayMillis) {
    handOver(next(ONE));
    for (int i = 0; i < 80; i++) {
      stableLag = WINDOW - 1;
      pass(delayMillis);
      stableLag = WINDOW;
      order(T / 16, next(OTHER, SlowStart.TRANSACTIONS_MIN));
    }
  }

  @Test
  void primaryMayLearnLaterThanOthersThatItsWindowIsOpen() {
    fillWindow(T / 8);
    assertThat(suspicions).isEmpty();
  }

  @Test
  void primaryThatDelaysEachFullBlockAfterTheCheckpointItWaitedForIsTooSlow() {
    fillWindow(T / 2);
    assertThat(suspicions).contains(Suspicion.SLOWNESS);
  }

  @Test
  void primaryWhoseDelayedFullBlocksFollowEachOtherSoonIsTooSlow() {
    handOver(next(ONE));
    stableLag = WINDOW - 2; // The window was open for each block before the last was proposed.
    for (int i = 0; i < 80; i++) {
      pass(T / 8);
      order(T / 16, next(OTHER, SlowStart.TRANSACTIONS_MIN));
    }
    assertThat(suspicions).contains(Suspicion.SLOWNESS);
  }

  @Test
  void whoCatchesUpDoesNotSeeWhatIsOnItsWay() {
    handOver(next(ONE));
    for (int i = 0; i < 100; i++) {
      Block fetched = chain.block(0, last, next(OTHER, SlowStart.TRANSACTIONS_MIN));
      pass(T / 8);
      finish(fetched);
    }
    assertThat(suspicions).isEmpty();
    pass(10 * T);
    assertThat(suspicions).as("it has caught up").contains(Suspicion.SLOWNESS);
  }

  @Test
  void whoGrewPatientInFruitlessViewsIsPatientWithSlownessToo() {
    patience = 4 * T;
    handOver(next(ONE));
    pass(31 * T);
    assertThat(suspicions).isEmpty();
    pass(2 * T);
    assertThat(suspicions).containsExactly(Suspicion.SLOWNESS);
  }

  @Test
  void primaryThatProposesAtOnceMayTakeLongForEachBlock() {
    for (int i = 0; i < 40; i++) {
      Transaction transaction = next(ONE);
      handOver(transaction);
      pass(T / 8);
      order(7 * T / 8, transaction);
    }
    assertThat(suspicions).isEmpty();
  }

  @Test
  void primaryWhoseWindowIsFullCannotPropose() {
    stableLag = WINDOW;
    handOver(next(ONE));
    pass(40 * T);
    assertThat(suspicions).isEmpty();
    stableLag = WINDOW - 1;
    pass(20 * T);
    assertThat(suspicions).contains(Suspicion.SLOWNESS);
  }

  @Test
  void primaryOfAnIdleChainIsNotSlow() {
    pass(100 * T);
    assertThat(suspicions).isEmpty();
    assertThat(watch.untilLookNanos(nanos)).isEqualTo(Turns.UNTIL_WOKEN);
  }

  @Test
  void timeThatThisProcessSleptIsNotThePrimarys() {
    handOver(next(ONE));
    for (int i = 0; i < 40; i++) {
      nanos += TimeUnit.MILLISECONDS.toNanos(T);
      watch.suspicion(status(0, true), inFlight, nanos).ifPresent(suspicions::add);
    }
    assertThat(suspicions).isEmpty();
  }
}
