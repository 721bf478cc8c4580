package org.quorate.node.peer;

import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.quorate.ledger.chain.ChainSpec;

/** Prints what a link does: {@code -Dtest=PeerLinkMeasurement -Dquorate.measure=true}. */
@EnabledIfSystemProperty(named = "quorate.measure", matches = "true")
final class PeerLinkMeasurement {
  private static final ChainSpec CHAIN = TestChain.chain("local", 2);

  @Test
  void roundTripsAndStreams() throws Exception {
    Map<Integer, InetSocketAddress> addresses = new ConcurrentHashMap<>();
    try (TestNode zero =
            new TestNode(CHAIN, 0, TestChain.key(0), addresses, PeerLimits.DEFAULTS).start();
        TestNode one =
            new TestNode(CHAIN, 1, TestChain.key(1), addresses, PeerLimits.DEFAULTS).start()) {
      addresses.put(0, zero.network.address());
      addresses.put(1, one.network.address());
      await().until(() -> zero.isConnectedTo(1) && one.isConnectedTo(0));
      roundTrips(zero, one);
      stream(zero, one, 200, 500_000);
      stream(zero, one, 1 << 20, 1_000);
    }
  }

  private static void roundTrips(TestNode zero, TestNode one) throws Exception {
    SynchronousQueue<byte[]> answers = new SynchronousQueue<>();
    one.onPayload = (from, payload) -> one.send(0, payload);
    zero.onPayload =
        (from, payload) -> {
          try {
            answers.put(payload);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    int rounds = 20_000;
    long[] nanos = new long[rounds];
    byte[] payload = new byte[200];
    for (int i = -rounds; i < rounds; i++) {
      long begin = System.nanoTime();
      zero.send(1, payload);
      answers.take();
      if (i >= 0) {
        nanos[i] = System.nanoTime() - begin;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "round trip of 200 bytes: p50 %.0f us, p99 %.0f us%n",
        nanos[rounds / 2] / 1e3, nanos[rounds * 99 / 100] / 1e3);
  }

  private static void stream(TestNode zero, TestNode one, int bytes, int count) throws Exception {
    AtomicInteger received = new AtomicInteger();
    one.onPayload = (from, payload) -> received.incrementAndGet();
    byte[] payload = new byte[bytes];
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      while (!zero.send(1, payload)) {
        LockSupport.parkNanos(100_000);
      }
    }
    await().until(() -> received.get() == count);
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        "stream of %d bytes each: %.0f per second, %.0f MB/s%n",
        bytes, count / seconds, (double) bytes * count / seconds / 1e6);
  }
}
