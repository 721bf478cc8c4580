package org.quorate.node.mempool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quorate.node.mempool.TestChain.ALICE;
import static org.quorate.node.mempool.TestChain.BOB;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;

final class BatchBuilderTest {
  private static final int DELAY = 20;
  private static final int COUNT_MAX = 5;

  private final TestChain chain =
      new TestChain(
          "test", new ChainParameters(COUNT_MAX, 4_096, 4_096, 64, DELAY, 2_000, 10_000, 0));
  private final AtomicLong now = new AtomicLong(1_000);
  private final Mempool pool = new Mempool(MempoolLimits.DEFAULTS, Map.of(), now::get);
  private final BatchBuilder builder = new BatchBuilder(pool, chain.spec().parameters(), now::get);

  private Set<Digest> hashes(List<Transaction> transactions) {
    Set<Digest> hashes = new HashSet<>();
    transactions.forEach(one -> hashes.add(one.hash()));
    return hashes;
  }

  @Test
  void nothingIsProposedFromAnEmptyPool() {
    assertThat(builder.take(0, Set.of(), COUNT_MAX)).isEmpty();
  }

  @Test
  void aSingleTransactionGoesAtOnceWhenNothingIsInFlight() {
    Transaction transaction = chain.transaction(ALICE, 1);
    pool.add(transaction);
    assertThat(builder.take(0, Set.of(), COUNT_MAX)).containsExactly(transaction);
  }

  @Test
  void whoHadNoPlaceInASmallBlockIsTheNextToHaveOne() {
    Transaction alices = chain.transaction(ALICE, 1);
    Transaction bobs = chain.transaction(BOB, 1);
    pool.addAll(List.of(alices, bobs, chain.transaction(ALICE, 2)));
    List<Transaction> first = builder.take(0, Set.of(), 1);
    assertThat(first).containsExactly(alices);
    assertThat(builder.take(0, hashes(first), 1)).containsExactly(bobs);
  }

  @Test
  void whileABlockIsInFlightTheNextWaitsForTheBatchDelay() {
    pool.add(chain.transaction(ALICE, 1));
    Set<Digest> inFlight = hashes(builder.take(0, Set.of(), COUNT_MAX));
    Transaction next = chain.transaction(ALICE, 2);
    pool.add(next);
    now.addAndGet(DELAY - 1);
    assertThat(builder.take(1, inFlight, COUNT_MAX)).isEmpty();
    assertThat(builder.waitMillis(1, 1)).isEqualTo(1);
    now.addAndGet(1);
    assertThat(builder.take(1, inFlight, COUNT_MAX)).containsExactly(next);
  }

  @Test
  void theMoreBlocksAreInFlightTheLongerTheNextWaits() {
    pool.add(chain.transaction(ALICE, 1));
    Set<Digest> inFlight = hashes(builder.take(0, Set.of(), COUNT_MAX));
    Transaction next = chain.transaction(ALICE, 2);
    pool.add(next);
    now.addAndGet(3 * DELAY - 1);
    assertThat(builder.take(3, inFlight, COUNT_MAX)).isEmpty();
    now.addAndGet(1);
    assertThat(builder.take(3, inFlight, COUNT_MAX)).containsExactly(next);
  }

  @Test
  void aFullBlockDoesNotWait() {
    pool.add(chain.transaction(ALICE, 1));
    Set<Digest> inFlight = hashes(builder.take(0, Set.of(), COUNT_MAX));
    List<Transaction> more = chain.transactions(BOB, 1, COUNT_MAX + 1);
    pool.addAll(more.subList(0, COUNT_MAX - 1));
    assertThat(builder.take(1, inFlight, COUNT_MAX)).isEmpty();
    pool.addAll(more.subList(COUNT_MAX - 1, COUNT_MAX + 1));
    assertThat(builder.take(1, inFlight, COUNT_MAX))
        .containsExactlyElementsOf(more.subList(0, COUNT_MAX));
  }

  @Test
  void aBlockIsFullByItsBytesToo() {
    pool.add(chain.large(ALICE, 1, 2_000));
    Set<Digest> inFlight = hashes(builder.take(0, Set.of(), COUNT_MAX));
    pool.add(chain.large(ALICE, 2, 2_000));
    assertThat(builder.take(1, inFlight, COUNT_MAX)).isEmpty();
    pool.add(chain.large(ALICE, 3, 2_000));
    assertThat(builder.take(1, inFlight, COUNT_MAX)).hasSize(1);
  }

  @Test
  void theDelayDoesNotRunFromABlockThatHadNothingInIt() {
    assertThat(builder.take(0, Set.of(), COUNT_MAX)).isEmpty();
    pool.add(chain.transaction(ALICE, 1));
    assertThat(builder.take(1, Set.of(), COUNT_MAX)).hasSize(1);
  }
}
