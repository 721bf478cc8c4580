package org.quorate.node.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.membership.ReplicaId;

/** Validators of one chain, on real sockets. */
@Timeout(30)
final class PeerNetworkTest {
  private static final ChainSpec CHAIN = TestChain.chain("local", 4);

  private final Map<Integer, InetSocketAddress> addresses = new ConcurrentHashMap<>();
  private final List<TestNode> nodes = new ArrayList<>();
  private TestLog log;

  @BeforeEach
  void listenToTheLog() {
    log = new TestLog();
  }

  @AfterEach
  void closeAll() {
    nodes.forEach(TestNode::close);
    log.close();
  }

  private TestNode node(int index) throws Exception {
    return node(index, TestNode.QUICK);
  }

  private TestNode node(int index, PeerLimits limits) throws Exception {
    TestNode node = new TestNode(CHAIN, index, TestChain.key(index), addresses, limits).start();
    nodes.add(node);
    addresses.put(index, node.network.address());
    return node;
  }

  private static void awaitLink(TestNode one, int oneIndex, TestNode other, int otherIndex) {
    await().until(() -> one.isConnectedTo(otherIndex) && other.isConnectedTo(oneIndex));
  }

  @Test
  void fourValidatorsAllConnectAndSendInBothDirections() throws Exception {
    for (int i = 0; i < 4; i++) {
      node(i);
    }
    await().until(() -> nodes.get(0).isConnectedTo(1, 2, 3));
    await().until(() -> nodes.get(1).isConnectedTo(0, 2, 3));
    await().until(() -> nodes.get(2).isConnectedTo(0, 1, 3));
    await().until(() -> nodes.get(3).isConnectedTo(0, 1, 2));
    for (int from = 0; from < 4; from++) {
      for (int to = 0; to < 4; to++) {
        if (from != to) {
          assertThat(nodes.get(from).send(to, (from + " to " + to).getBytes(UTF_8))).isTrue();
        }
      }
    }
    for (int to = 0; to < 4; to++) {
      TestNode node = nodes.get(to);
      int self = to;
      await().until(() -> node.received.size() == 3);
      assertThat(node.received)
          .allSatisfy(
              message ->
                  assertThat(new String(message.payload().bytes(), UTF_8))
                      .isEqualTo(message.from().index() + " to " + self));
    }
  }

  @Test
  void bothEndsKeepTheSameConnectionWhenTheyDialAtOnce() throws Exception {
    for (int round = 0; round < 8; round++) {
      Map<Integer, InetSocketAddress> found = new ConcurrentHashMap<>();
      try (TestNode zero = new TestNode(CHAIN, 0, TestChain.key(0), found).start();
          TestNode one = new TestNode(CHAIN, 1, TestChain.key(1), found).start()) {
        found.put(0, zero.network.address());
        found.put(1, one.network.address());
        awaitLink(zero, 0, one, 1);
        // Once chosen, the link stays: none of the two events of a replacement any more.
        await()
            .during(Duration.ofMillis(150))
            .until(() -> zero.events.size() <= 3 && one.events.size() <= 3);
        assertThat(zero.send(1, new byte[] {1})).isTrue();
        assertThat(one.send(0, new byte[] {2})).isTrue();
        await().until(() -> one.received.size() == 1 && zero.received.size() == 1);
        assertThat(zero.refusals).isEmpty();
        assertThat(one.refusals).isEmpty();
      }
    }
  }

  @Test
  void payloadsOfAllSizesArriveWholeAndInOrder() throws Exception {
    TestNode zero = node(0);
    TestNode one = node(1);
    awaitLink(zero, 0, one, 1);
    List<byte[]> payloads = new ArrayList<>();
    Random random = new Random(5);
    for (int length : new int[] {0, 1, 65_530, 65_531, 65_532, 1 << 20, 8 << 20, 200, 3}) {
      byte[] payload = new byte[length];
      random.nextBytes(payload);
      payloads.add(payload);
      assertThat(zero.send(1, payload)).isTrue();
    }
    await().until(() -> one.received.size() == payloads.size());
    assertThat(one.received.stream().map(TestNode.Received::payload))
        .containsExactlyElementsOf(payloads.stream().map(ByteString::of).toList());
  }

  @Test
  void manySmallPayloadsOfManyThreadsAllArrive() throws Exception {
    TestNode zero = node(0);
    TestNode one = node(1);
    awaitLink(zero, 0, one, 1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  zero.send(1, new byte[100]);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    await().until(() -> one.received.size() + zero.dropped.get() == 8_000);
    assertThat(zero.dropped).hasValue(0);
  }

  @Test
  void aPayloadAboveTheLimitIsTheCallersMistake() throws Exception {
    TestNode zero = node(0);
    assertThatThrownBy(() -> zero.send(1, new byte[PeerNetwork.PAYLOAD_BYTES_MAX + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutALinkAPayloadIsDroppedAndCounted() throws Exception {
    TestNode zero = node(0);
    assertThat(zero.send(1, new byte[1])).isFalse();
    assertThat(zero.dropped).hasValue(1);
  }

  @Test
  void aPeerThatRestartsIsConnectedAgainFromEitherSide() throws Exception {
    TestNode zero = node(0);
    TestNode one = node(1);
    awaitLink(zero, 0, one, 1);
    one.close();
    await().until(() -> !zero.isConnectedTo(1));
    TestNode again = node(1);
    awaitLink(zero, 0, again, 1);
    zero.close();
    await().until(() -> !again.isConnectedTo(0));
    TestNode zeroAgain = node(0);
    awaitLink(zeroAgain, 0, again, 1);
    assertThat(zero.events).startsWith("+r1", "-r1", "+r1");
    assertThat(zero.refused(Refusal.KEY_USED_TWICE)).isZero();
  }

  @Test
  void aPeerIsReachedByTheOtherSideAloneIfItsOwnAddressesAreWrong() throws Exception {
    TestNode three = node(3); // knows nobody's address, as nobody else is there
    Map<Integer, InetSocketAddress> onlyThree = Map.of(3, three.network.address());
    TestNode zero = new TestNode(CHAIN, 0, TestChain.key(0), onlyThree).start();
    nodes.add(zero);
    awaitLink(zero, 0, three, 3);
  }

  @Test
  void theHigherIndexDialsTooIfTheLowerCannot() throws Exception {
    TestNode zero = node(0);
    TestNode three =
        new TestNode(CHAIN, 3, TestChain.key(3), Map.of(0, zero.network.address())).start();
    nodes.add(three);
    awaitLink(zero, 0, three, 3);
  }

  @Test
  void aPortInUseIsToldWithItsAddress() throws Exception {
    TestNode zero = node(0);
    InetSocketAddress taken = zero.network.address();
    try (PeerNetwork other =
        new PeerNetwork(
            CHAIN,
            new ReplicaId(1),
            TestChain.key(1),
            peer -> taken,
            taken,
            zero,
            PeerMetrics.NONE)) {
      assertThatThrownBy(other::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen for peers on")
          .hasMessageContaining(String.valueOf(taken.getPort()));
    }
  }

  @Test
  void aKeyThatIsNotTheValidatorsIsRefusedAtOnce() {
    assertThatThrownBy(() -> new TestNode(CHAIN, 0, TestChain.key(1), addresses))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPeerThatDoesNotReadNeitherFillsMemoryNorHoldsUpTheOthers() throws Exception {
    TestNode zero = node(0);
    TestNode one = node(1);
    TestNode two = node(2);
    await().until(() -> zero.isConnectedTo(1, 2));
    // While it handles a payload its event loop reads nothing more.
    CountDownLatch mayGoOn = new CountDownLatch(1);
    one.onPayload =
        (from, payload) -> {
          try {
            mayGoOn.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    try {
      int accepted = 0;
      byte[] megabyte = new byte[1 << 20];
      for (int i = 0; i < 200; i++) {
        accepted += zero.send(1, megabyte) ? 1 : 0;
        assertThat(zero.send(2, new byte[10])).isTrue();
      }
      // The queue's 16 MiB and what the two sockets buffer, but not 200.
      assertThat(accepted).isBetween(16, 60);
      assertThat(zero.dropped.get()).isEqualTo(200 - accepted);
      await().until(() -> two.received.size() == 200);
    } finally {
      mayGoOn.countDown();
    }
  }

  @Test
  void aRefusalToTheSamePeerIsToldOnceAndCountedEveryTime() {
    List<String> counted = new ArrayList<>();
    long[] now = {0};
    TestNode metrics =
        new TestNode(CHAIN, 0, TestChain.key(0), addresses) {
          @Override
          public void connectionRefused(String reason) {
            counted.add(reason);
          }
        };
    nodes.add(metrics);
    RefusalLog refusals = new RefusalLog(metrics, () -> now[0]);
    for (int i = 0; i < 5; i++) {
      refusals.refused(Refusal.STRANGER, "10.0.0.1", "refused 10.0.0.1: a stranger");
    }
    refusals.refused(Refusal.STRANGER, "10.0.0.2", "refused 10.0.0.2: a stranger");
    assertThat(counted).hasSize(6);
    assertThat(log.count("10.0.0.1")).isEqualTo(1);
    assertThat(log.count("10.0.0.2")).isEqualTo(1);
    now[0] += Duration.ofSeconds(61).toNanos();
    refusals.refused(Refusal.STRANGER, "10.0.0.1", "refused 10.0.0.1: a stranger");
    assertThat(log.count("10.0.0.1")).isEqualTo(2);
  }
}
