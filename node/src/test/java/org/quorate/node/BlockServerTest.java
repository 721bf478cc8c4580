package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.Input;
import org.quorate.consensus.Output;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.RejectedException;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.Table;
import org.quorate.monitoring.NodeMetrics;

class BlockServerTest {
  private static final ReplicaId SELF = new ReplicaId(1);
  private static final ReplicaId LAGGARD = new ReplicaId(2);
  private static final int HEIGHT = 300;

  private final TestChain chain = new TestChain(4);
  private final BlockingQueue<Transfer.CommittedBlocks> sent = new LinkedBlockingQueue<>();
  private final Tasks thread = TestHost.MACHINE.tasks("blocks-under-test");
  private final NodeMetrics metrics = new NodeMetrics();
  private final List<Input.Lost> lost = new CopyOnWriteArrayList<>();
  private final Repairs repairs = new Repairs(true, lost::add, cause -> {}, metrics);
  private final MemoryStore store = new MemoryStore();
  private Ledger ledger;
  private BlockServer server;

  @BeforeEach
  void fillLedger() throws LedgerException {
    ledger = Ledger.open(store, chain.spec());
    BlockHeader parent = chain.spec().genesisHeader();
    for (int height = 1; height <= HEIGHT; height++) {
      Block block = chain.block(0, parent, chain.transaction(height));
      var applied = ledger.apply(chain.committed(0, block, 0, 1, 2));
      if (height == 2) {
        ledger.putCheckpointCertificate(chain.certified(applied.checkpoint(), 0, 1));
      }
      parent = block.header();
    }
    server = new BlockServer(4, ledger, thread, this::send, repairs, TestHost.MACHINE);
  }

  @AfterEach
  void end() {
    thread.close();
  }

  private boolean send(ReplicaId to, byte[] payload) {
    try {
      return sent.add(
          (Transfer.CommittedBlocks)
              chain.authenticator(to).open(SELF, PeerPayload.message(payload)).message());
    } catch (RejectedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private List<Long> nextHeights() throws InterruptedException {
    Transfer.CommittedBlocks answer = sent.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    return answer.items().stream().map(item -> item.block().block().height()).toList();
  }

  @Test
  void anAnswerHoldsAsManyBlocksAsItMayAndTheNextGoesOn() throws InterruptedException {
    server.serve(new Output.Wanted(LAGGARD, 1, 256));
    assertThat(nextHeights()).hasSize(Transfer.BLOCKS_MAX).startsWith(1L, 2L).endsWith(256L);

    await()
        .until(
            () -> {
              server.serve(new Output.Wanted(LAGGARD, 257, 320));
              return !sent.isEmpty();
            });
    assertThat(nextHeights()).hasSize(44).endsWith((long) HEIGHT);
  }

  @Test
  void aCertificateThatIsKnownGoesAlong() throws InterruptedException {
    server.serve(new Output.Wanted(LAGGARD, 1, 256));

    Transfer.CommittedBlocks answer = sent.poll(10, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    assertThat(answer.items().get(0).checkpoint()).isEmpty();
    assertThat(answer.items().get(1).checkpoint()).isPresent();
  }

  @Test
  void whatIsDamagedIsNotHandedOutAndTheNodeGoesOn() throws InterruptedException {
    store.write(new Batch().put(Table.HEADER.key(7), new byte[3]), true);
    server.serve(new Output.Wanted(LAGGARD, 1, 256));
    assertThat(nextHeights()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    await()
        .until(
            () -> {
              server.serve(new Output.Wanted(LAGGARD, 7, 9));
              return !sent.isEmpty();
            });
    assertThat(nextHeights()).isEmpty();
    server.serve(new Output.Wanted(LAGGARD, 8, 9));
    assertThat(metrics.scrape()).containsPattern("quorate_damage_found_total [2-9]");
    assertThat(lost).containsExactly(new Input.Lost(7));
  }

  @Test
  void aPeerHasOneAnswerUnderWayAtATime() throws InterruptedException {
    CountDownLatch free = new CountDownLatch(1);
    thread.run(() -> awaitLatch(free));
    for (int i = 0; i < 100; i++) {
      server.serve(new Output.Wanted(LAGGARD, 1, 256));
    }
    server.serve(new Output.Wanted(new ReplicaId(3), 299, 310));
    free.countDown();

    assertThat(List.of(nextHeights().size(), nextHeights().size()))
        .containsExactlyInAnyOrder(256, 2);
    assertThat(sent.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void ofWhatAPeerWantsMeanwhileTheLastIsAnswered() throws InterruptedException {
    CountDownLatch free = new CountDownLatch(1);
    server =
        new BlockServer(
            4,
            ledger,
            thread,
            (to, payload) -> {
              boolean unused = send(to, payload);
              awaitLatch(free);
              return true;
            },
            repairs,
            TestHost.MACHINE);
    server.serve(new Output.Wanted(LAGGARD, 1, 1));
    assertThat(nextHeights()).containsExactly(1L);
    server.serve(new Output.Wanted(LAGGARD, 2, 2));
    server.serve(new Output.Wanted(LAGGARD, 3, 3));
    free.countDown();

    assertThat(nextHeights()).containsExactly(3L);
    assertThat(sent.poll(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void whatIsServedToAllTogetherIsPaced() throws InterruptedException {
    long start = System.nanoTime();
    server.serve(new Output.Wanted(LAGGARD, 1, 200));
    server.serve(new Output.Wanted(new ReplicaId(3), 1, 10));
    assertThat(nextHeights().size() + nextHeights().size()).isEqualTo(210);

    long leastMillis = 200 * 1_000L / RunnerLimits.SERVED_BLOCKS_PER_SECOND_MAX;
    assertThat(System.nanoTime() - start)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(leastMillis));
  }

  @Test
  void aPeerIsToldAlsoThatThereIsNothing() throws InterruptedException {
    server.serve(new Output.Wanted(LAGGARD, HEIGHT + 1, HEIGHT + 9));
    server.serve(new Output.Wanted(new ReplicaId(3), HEIGHT, HEIGHT));

    assertThat(List.of(nextHeights(), nextHeights()))
        .containsExactlyInAnyOrder(List.of(), List.of((long) HEIGHT));
  }
}
