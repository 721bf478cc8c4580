package org.quorate.node.mempool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quorate.node.mempool.TestChain.ALICE;
import static org.quorate.node.mempool.TestChain.BOB;
import static org.quorate.node.mempool.TestChain.CAROL;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.node.mempool.Mempool.Standing;

final class MempoolTest {
  private static final long MANY_BYTES = 1 << 20;

  private final TestChain chain = new TestChain();
  private final AtomicLong now = new AtomicLong(1_000);
  private final Mempool pool = pool(MempoolLimits.DEFAULTS, Map.of());

  private Mempool pool(MempoolLimits limits, Map<PublicKey, ReplayWindow> windows) {
    return new Mempool(limits, windows, now::get);
  }

  private List<Transaction> batch(int countMax) {
    return pool.batch(countMax, MANY_BYTES, hash -> false);
  }

  @Test
  void aTransactionSubmittedTwiceIsHeldOnce() {
    Transaction transaction = chain.transaction(ALICE, 1);
    assertThat(pool.add(transaction)).isEqualTo(Standing.NEW);
    assertThat(pool.add(transaction)).isEqualTo(Standing.PENDING);
    assertThat(pool.size()).isEqualTo(1);
    assertThat(pool.bytes()).isEqualTo(transaction.size());
  }

  @Test
  void ofTwoTransactionsWithOneNonceTheFirstStays() {
    Transaction first = chain.put(ALICE, 1, "key", "one");
    assertThat(pool.add(first)).isEqualTo(Standing.NEW);
    assertThat(pool.add(chain.put(ALICE, 1, "key", "two"))).isEqualTo(Standing.NONCE_REPEATED);
    assertThat(pool.add(chain.transaction(CAROL, 1))).isEqualTo(Standing.NEW);
    assertThat(batch(10)).contains(first).hasSize(2);
  }

  @Test
  void noncesMayHaveGapsAndComeInAnyOrder() {
    assertThat(pool.add(chain.transaction(ALICE, 7))).isEqualTo(Standing.NEW);
    assertThat(pool.add(chain.transaction(ALICE, 3))).isEqualTo(Standing.NEW);
    assertThat(pool.add(chain.transaction(ALICE, Long.MAX_VALUE))).isEqualTo(Standing.NEW);
    assertThat(batch(10)).extracting(Transaction::nonce).containsExactly(7L, 3L, Long.MAX_VALUE);
  }

  @Test
  void aNonceTheChainHasUsedIsRefused() {
    Mempool restarted =
        pool(
            MempoolLimits.DEFAULTS,
            Map.of(ALICE.publicKey(), ReplayWindow.EMPTY.with(5).with(5_000)));
    assertThat(restarted.add(chain.transaction(ALICE, 5_000))).isEqualTo(Standing.NONCE_REPEATED);
    assertThat(restarted.add(chain.transaction(ALICE, 5_000 - ReplayWindow.SIZE)))
        .isEqualTo(Standing.NONCE_TOO_OLD);
    assertThat(restarted.add(chain.transaction(ALICE, 5_001 - ReplayWindow.SIZE)))
        .isEqualTo(Standing.NEW);
    assertThat(restarted.add(chain.transaction(BOB, 5))).isEqualTo(Standing.NEW);
    assertThat(restarted.highestNonce(ALICE.publicKey())).isEqualTo(5_000);
  }

  @Test
  void executedTransactionsLeaveAndTheirNoncesAreRefusedAfterwards() {
    List<Transaction> transactions = chain.transactions(ALICE, 1, 3);
    pool.addAll(transactions);
    assertThat(pool.executed(chain.extend(transactions.subList(0, 2)))).isZero();
    assertThat(batch(10)).containsExactly(transactions.get(2));
    assertThat(pool.add(transactions.get(0))).isEqualTo(Standing.NONCE_REPEATED);
    assertThat(pool.contains(transactions.get(0).hash())).isFalse();
    assertThat(pool.bytes()).isEqualTo(transactions.get(2).size());
  }

  @Test
  void aPendingTransactionLeavesWhenAnotherWithItsNonceIsExecuted() {
    pool.add(chain.put(ALICE, 1, "key", "here"));
    assertThat(pool.executed(chain.extend(List.of(chain.put(ALICE, 1, "key", "elsewhere")))))
        .isEqualTo(1);
    assertThat(pool.size()).isZero();
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void aPendingTransactionLeavesWhenItsNonceHasBecomeTooOld() {
    pool.addAll(List.of(chain.transaction(ALICE, 1), chain.transaction(ALICE, 2)));
    long beyondTheFirst = 1 + ReplayWindow.SIZE;
    int dropped = pool.executed(chain.extend(List.of(chain.transaction(ALICE, beyondTheFirst))));
    assertThat(dropped).isEqualTo(1);
    assertThat(batch(10)).extracting(Transaction::nonce).containsExactly(2L);
    assertThat(pool.add(chain.transaction(ALICE, 1))).isEqualTo(Standing.NONCE_TOO_OLD);
  }

  @Test
  void aFullPoolTakesNothingUntilSomethingIsExecuted() {
    Mempool small = pool(new MempoolLimits(2, MANY_BYTES, 10, MANY_BYTES), Map.of());
    Transaction first = chain.transaction(ALICE, 1);
    small.addAll(List.of(first, chain.transaction(BOB, 1)));
    assertThat(small.add(chain.transaction(CAROL, 1))).isEqualTo(Standing.FULL);
    assertThat(small.add(first)).isEqualTo(Standing.PENDING);
    assertThat(small.size()).isEqualTo(2);
    small.executed(chain.extend(List.of(first)));
    assertThat(small.add(chain.transaction(CAROL, 1))).isEqualTo(Standing.NEW);
  }

  @Test
  void bytesAreBoundedInAllAndPerClient() {
    Transaction kilobyte = chain.large(ALICE, 1, 1_000);
    int size = kilobyte.size();
    Mempool small = pool(new MempoolLimits(100, size * 3L, 100, size * 2L), Map.of());
    assertThat(small.add(kilobyte)).isEqualTo(Standing.NEW);
    assertThat(small.add(chain.large(ALICE, 2, 1_000))).isEqualTo(Standing.NEW);
    assertThat(small.add(chain.transaction(ALICE, 3))).isEqualTo(Standing.CLIENT_QUOTA);
    assertThat(small.add(chain.large(BOB, 1, 1_001))).isEqualTo(Standing.FULL);
    assertThat(small.add(chain.large(BOB, 1, 1_000))).isEqualTo(Standing.NEW);
    assertThat(small.bytes()).isEqualTo(3L * size);
  }

  @Test
  void aClientOverItsQuotaDoesNotKeepOthersOut() {
    Mempool small = pool(new MempoolLimits(100, MANY_BYTES, 3, MANY_BYTES), Map.of());
    assertThat(small.addAll(chain.transactions(ALICE, 1, 4)))
        .containsExactly(Standing.NEW, Standing.NEW, Standing.NEW, Standing.CLIENT_QUOTA);
    assertThat(small.add(chain.transaction(BOB, 1))).isEqualTo(Standing.NEW);
  }

  @Test
  void clientsTakeTurnsInABatch() {
    List<Transaction> flood = chain.transactions(ALICE, 1, 50);
    pool.addAll(flood);
    Transaction bobs = chain.transaction(BOB, 1);
    List<Transaction> carols = chain.transactions(CAROL, 1, 2);
    pool.add(bobs);
    pool.addAll(carols);
    assertThat(batch(6))
        .containsExactly(
            flood.get(0), bobs, carols.get(0), flood.get(1), carols.get(1), flood.get(2));
  }

  @Test
  void whoGotNoTurnInTheLastRoundComesFirstInTheNextBatch() {
    pool.addAll(chain.transactions(ALICE, 1, 5));
    pool.addAll(chain.transactions(BOB, 1, 5));
    pool.addAll(chain.transactions(CAROL, 1, 5));
    List<Transaction> first = batch(1);
    Set<Digest> inFlight = new HashSet<>();
    first.forEach(one -> inFlight.add(one.hash()));
    List<Transaction> second = pool.batch(2, MANY_BYTES, inFlight::contains);
    assertThat(first).extracting(Transaction::client).containsExactly(ALICE.publicKey());
    assertThat(second)
        .extracting(Transaction::client)
        .containsExactly(BOB.publicKey(), CAROL.publicKey());
  }

  @Test
  void aLargeTransactionThatDidNotFitIsFirstInTheNextBatch() {
    pool.addAll(chain.transactions(ALICE, 1, 3));
    Transaction large = chain.large(BOB, 1, 2_000);
    pool.add(large);
    pool.addAll(chain.transactions(CAROL, 1, 20));
    long room = large.size();
    List<Transaction> first = pool.batch(100, room, hash -> false);
    assertThat(first).isNotEmpty().doesNotContain(large);
    Set<Digest> inFlight = new HashSet<>();
    first.forEach(one -> inFlight.add(one.hash()));
    assertThat(pool.batch(100, room, inFlight::contains)).containsExactly(large);
  }

  @Test
  void aBatchKeepsItsLimitsAndLeavesOutWhatIsInFlight() {
    List<Transaction> transactions = chain.transactions(ALICE, 1, 10);
    pool.addAll(transactions);
    Set<Digest> inFlight = Set.of(transactions.get(0).hash(), transactions.get(2).hash());
    assertThat(pool.batch(3, MANY_BYTES, inFlight::contains))
        .containsExactly(transactions.get(1), transactions.get(3), transactions.get(4));
    int twoAndABit = transactions.get(0).size() * 2 + 10;
    assertThat(pool.batch(10, twoAndABit, hash -> false))
        .containsExactly(transactions.get(0), transactions.get(1));
    assertThat(pool.size()).isEqualTo(10);
  }

  @Test
  void theOldestTransactionsAreToldByAge() {
    assertThat(pool.oldestAgeMillis()).isZero();
    Transaction first = chain.transaction(ALICE, 1);
    pool.add(first);
    now.addAndGet(100);
    pool.add(chain.transaction(BOB, 1));
    assertThat(pool.oldestAgeMillis()).isEqualTo(100);
    assertThat(pool.olderThan(100, 10)).containsExactly(first);
    assertThat(pool.olderThan(101, 10)).isEmpty();
    assertThat(pool.olderThan(0, 1)).containsExactly(first);
    pool.executed(chain.extend(List.of(first)));
    assertThat(pool.oldestAgeMillis()).isZero();
  }

  @Test
  void anOverdueTransactionIsTakenOnceInEachPeriod() {
    List<Transaction> transactions = chain.transactions(ALICE, 1, 3);
    pool.addAll(transactions);
    now.addAndGet(49);
    assertThat(pool.takeOverdue(50, 10)).isEmpty();
    now.addAndGet(1);
    assertThat(pool.takeOverdue(50, 2)).containsExactlyElementsOf(transactions.subList(0, 2));
    assertThat(pool.takeOverdue(50, 2)).containsExactly(transactions.get(2));
    assertThat(pool.takeOverdue(50, 2)).isEmpty();
    pool.executed(chain.extend(transactions.subList(0, 1)));
    now.addAndGet(50);
    assertThat(pool.takeOverdue(50, 10)).containsExactlyElementsOf(transactions.subList(1, 3));
  }

  /** A random walk beside a plain model: a list of what is pending and the windows of the chain. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whateverHappensThePoolHoldsWhatAModelHolds(long seed) {
    Random random = new Random(seed);
    Mempool small = pool(new MempoolLimits(40, MANY_BYTES, 20, MANY_BYTES), Map.of());
    List<Transaction> pending = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (int step = 0; step < 300; step++) {
      if (random.nextInt(4) > 0) {
        var key = List.of(ALICE, BOB, CAROL).get(random.nextInt(3));
        Transaction transaction =
            chain.put(key, 1 + random.nextInt(200), "bob/", "" + random.nextInt(2));
        boolean free =
            !used.contains(slot(transaction))
                && pending.stream().noneMatch(one -> slot(one).equals(slot(transaction)));
        boolean room =
            pending.size() < 40
                && pending.stream().filter(one -> one.client().equals(key.publicKey())).count()
                    < 20;
        assertThat(small.add(transaction) == Standing.NEW).isEqualTo(free && room);
        if (free && room) {
          pending.add(transaction);
        }
      } else {
        List<Transaction> batch = small.batch(random.nextInt(6), MANY_BYTES, hash -> false);
        assertThat(pending).containsAll(batch);
        small.executed(chain.extend(batch));
        pending.removeAll(batch);
        batch.forEach(one -> used.add(slot(one)));
      }
      assertThat(small.size()).isEqualTo(pending.size());
      assertThat(small.bytes()).isEqualTo(pending.stream().mapToLong(Transaction::size).sum());
    }
    assertThat(small.olderThan(0, 100)).containsExactlyElementsOf(pending);
    assertThat(small.batch(100, MANY_BYTES, hash -> false))
        .containsExactlyInAnyOrderElementsOf(pending);
  }

  private static String slot(Transaction transaction) {
    return transaction.client() + ":" + transaction.nonce();
  }
}
