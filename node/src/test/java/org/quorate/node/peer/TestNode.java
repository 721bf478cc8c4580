package org.quorate.node.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.ReplicaId;

/** One end of links, with all that happened to it. */
class TestNode implements PeerNetwork.Listener, PeerMetrics, AutoCloseable {
  /** As in a node, but soon dialing again. */
  static final PeerLimits QUICK =
      new PeerLimits(16 << 20, 16_384, 16, 8, 10_000, 500, 10_000, 5_000, 20, 100, 1_000);

  /** The higher index dials as soon as the lower. */
  static final PeerLimits EAGER =
      new PeerLimits(16 << 20, 16_384, 16, 8, 10_000, 500, 10_000, 5_000, 20, 100, 0);

  /** With so little patience that a test need not wait for it to end. */
  static final PeerLimits HASTY =
      new PeerLimits(16 << 20, 16_384, 16, 8, 600, 100, 1_000, 300, 20, 100, 0);

  record Received(ReplicaId from, ByteString payload) {}

  final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();
  final CopyOnWriteArrayList<String> events = new CopyOnWriteArrayList<>();
  final Map<String, Integer> refusals = new ConcurrentHashMap<>();
  final AtomicInteger dropped = new AtomicInteger();
  final AtomicInteger framesReceived = new AtomicInteger();
  volatile BiConsumer<ReplicaId, byte[]> onPayload =
      (from, payload) -> received.add(new Received(from, ByteString.of(payload)));

  final PeerNetwork network;

  TestNode(ChainSpec chain, int self, SigningKey key, Map<Integer, InetSocketAddress> addresses) {
    this(chain, self, key, addresses, EAGER);
  }

  TestNode(
      ChainSpec chain,
      int self,
      SigningKey key,
      Map<Integer, InetSocketAddress> addresses,
      PeerLimits limits) {
    this.network =
        new PeerNetwork(
            chain,
            new ReplicaId(self),
            key,
            peer -> addresses.getOrDefault(peer.index(), local(1)),
            local(0),
            this,
            this,
            limits);
  }

  static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  TestNode start() throws IOException {
    network.start();
    return this;
  }

  boolean send(int to, byte[] payload) {
    return network.send(new ReplicaId(to), payload);
  }

  boolean isConnectedTo(int... peers) {
    for (int peer : peers) {
      if (!network.connected().contains(new ReplicaId(peer))) {
        return false;
      }
    }
    return true;
  }

  int refused(Refusal reason) {
    return refusals.getOrDefault(reason.label(), 0);
  }

  @Override
  public void connected(ReplicaId peer) {
    events.add("+" + peer);
  }

  @Override
  public void disconnected(ReplicaId peer) {
    events.add("-" + peer);
  }

  @Override
  public void received(ReplicaId from, byte[] payload) {
    onPayload.accept(from, payload);
  }

  @Override
  public void peersConnected(int count) {}

  @Override
  public void frameSent(int bytes) {}

  @Override
  public void frameReceived(int bytes) {
    framesReceived.incrementAndGet();
  }

  @Override
  public void messageDropped() {
    dropped.incrementAndGet();
  }

  @Override
  public void connectionRefused(String reason) {
    refusals.merge(reason, 1, Integer::sum);
  }

  @Override
  public void close() {
    network.close();
  }
}
