package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.TestChain;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.mempool.Mempool;
import org.quorate.node.mempool.MempoolLimits;

class ForwarderTest {
  private static final ReplicaId SELF = new ReplicaId(1);
  private static final List<ReplicaId> OTHERS =
      List.of(new ReplicaId(0), new ReplicaId(2), new ReplicaId(3));
  private static final int VIEW_TIMEOUT_MILLIS = 200;

  private final TestChain chain = new TestChain(4);
  private final AtomicLong clock = new AtomicLong(1_000);
  private final Mempool pool = new Mempool(MempoolLimits.DEFAULTS, Map.of(), clock::get);
  private final BlockingQueue<Forwarded> sent = new LinkedBlockingQueue<>();
  private final Tasks thread = TestHost.MACHINE.tasks("forwarder-under-test");
  private final Forwarder forwarder =
      new Forwarder(SELF, OTHERS, pool, this::send, thread, VIEW_TIMEOUT_MILLIS);

  private record Forwarded(ReplicaId to, List<Transaction> transactions) {}

  private boolean send(ReplicaId to, byte[] payload) {
    try {
      List<Transaction> transactions = new ArrayList<>();
      for (byte[] encoded : PeerPayload.transactions(payload)) {
        transactions.add(Decoder.decode(encoded, Transaction::decode));
      }
      return sent.add(new Forwarded(to, transactions));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private Transaction pending(long nonce) {
    Transaction transaction = chain.transaction(nonce);
    pool.add(transaction);
    return transaction;
  }

  private void leads(ReplicaId primary) {
    forwarder.primaryIs(primary, true);
    CompletableFuture<Void> passed = new CompletableFuture<>();
    thread.run(() -> passed.complete(null));
    passed.join();
  }

  @AfterEach
  void end() {
    thread.close();
  }

  /** PROTOCOL.md, R24: what the primary never got it cannot leave out. */
  @Test
  void onlyWhatWentToThePrimaryWasHandedOver() {
    leads(OTHERS.get(0));
    pending(1);
    assertThat(pool.oldestHanded(hash -> false)).isEmpty();
    Transaction second = pending(2);
    forwarder.accepted(second);
    await().until(() -> !sent.isEmpty());
    leads(OTHERS.get(0));
    assertThat(pool.oldestHanded(hash -> false))
        .extracting(Mempool.Handed::hash)
        .containsExactly(second.hash());
    assertThat(pool.oldestHanded(second.hash()::equals)).isEmpty();
  }

  @Test
  void aClientsTransactionGoesToThePrimaryAndToNobodyElse() {
    leads(new ReplicaId(2));
    Transaction transaction = pending(1);

    forwarder.accepted(transaction);

    await().until(() -> !sent.isEmpty());
    assertThat(sent).containsExactly(new Forwarded(new ReplicaId(2), List.of(transaction)));
  }

  @Test
  void thePrimaryItselfForwardsNothing() {
    leads(SELF);
    forwarder.accepted(pending(1));
    forwarder.primaryIs(new ReplicaId(2), true);

    await().until(() -> !sent.isEmpty());
    assertThat(sent).allMatch(forwarded -> forwarded.to().equals(new ReplicaId(2)));
  }

  @Test
  void aNewPrimaryGetsAllThatIsPendingOnceItsViewIsActive() {
    Transaction first = pending(1);
    Transaction second = pending(2);

    forwarder.primaryIs(new ReplicaId(3), false);
    forwarder.primaryIs(new ReplicaId(3), true);
    forwarder.primaryIs(new ReplicaId(3), true);

    await().until(() -> !sent.isEmpty());
    assertThat(sent).containsExactly(new Forwarded(new ReplicaId(3), List.of(first, second)));
  }

  @Test
  void whatIsNotExecutedWithinHalfTheViewTimeoutGoesToAll() {
    leads(new ReplicaId(0));
    forwarder.start();
    Transaction old = pending(1);
    clock.addAndGet(VIEW_TIMEOUT_MILLIS / 2);
    pending(2);

    await().until(() -> sent.size() >= OTHERS.size());
    assertThat(sent)
        .containsExactlyElementsOf(
            OTHERS.stream().map(other -> new Forwarded(other, List.of(old))).toList());
  }

  @Test
  void aReplicaThatWaitsForItsViewAloneStillBringsItsTransactionsToTheOthers() throws Exception {
    forwarder.primaryIs(new ReplicaId(2), false);
    forwarder.start();
    Transaction stuck = pending(1);
    clock.addAndGet(2 * VIEW_TIMEOUT_MILLIS - 1);
    assertThat(sent.poll(VIEW_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)).isNull();

    clock.addAndGet(1);

    await().until(() -> sent.size() >= OTHERS.size());
    assertThat(sent)
        .containsExactlyElementsOf(
            OTHERS.stream().map(other -> new Forwarded(other, List.of(stuck))).toList());
  }

  @Test
  void aLargePoolIsSentInBatchesThatTheReceiverTakes() {
    for (int nonce = 1; nonce <= 1_001; nonce++) {
      pending(nonce);
    }

    forwarder.primaryIs(new ReplicaId(0), true);

    await()
        .until(
            () ->
                sent.stream().mapToInt(forwarded -> forwarded.transactions().size()).sum()
                    == 1_001);
    assertThat(sent).hasSize(2);
  }
}
