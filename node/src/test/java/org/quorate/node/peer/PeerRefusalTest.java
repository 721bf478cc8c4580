package org.quorate.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * Whoever should not be on the peer port, or behaves badly there: the connection ends, is counted
 * by its reason and told, and nothing else happens. After each test the node must still take a
 * proper peer.
 */
@Timeout(30)
final class PeerRefusalTest {
  private static final ChainSpec CHAIN = TestChain.chain("local", 4);
  private static final byte[] HELLO_OF_ONE =
      new Hello(CHAIN.chainHash(), new ReplicaId(1), 5).encoded();

  private final Map<Integer, InetSocketAddress> addresses = new ConcurrentHashMap<>();
  private final List<TestNode> others = new ArrayList<>();
  private TestNode zero;
  private TestLog log;

  @BeforeEach
  void startZero() throws Exception {
    log = new TestLog();
    zero = new TestNode(CHAIN, 0, TestChain.key(0), addresses).start();
    addresses.put(0, zero.network.address());
  }

  private void startHastyZero() throws Exception {
    zero.close();
    zero = new TestNode(CHAIN, 0, TestChain.key(0), addresses, TestNode.HASTY).start();
    addresses.put(0, zero.network.address());
  }

  @AfterEach
  void theNodeGoesOn() throws Exception {
    try {
      assertThat(zero.received).as("payloads that came").isEmpty();
      TestNode three = node(CHAIN, 3);
      await().until(() -> zero.isConnectedTo(3) && three.isConnectedTo(0));
      three.send(0, new byte[] {1});
      await().until(() -> zero.received.size() == 1);
    } finally {
      others.forEach(TestNode::close);
      zero.close();
      log.close();
    }
  }

  private TestNode node(ChainSpec chain, int index) throws Exception {
    TestNode node = new TestNode(chain, index, TestChain.key(index), addresses).start();
    others.add(node);
    return node;
  }

  private InetSocketAddress address() {
    return zero.network.address();
  }

  private RawPeer one() throws Exception {
    return RawPeer.tls(address(), TestChain.key(1));
  }

  private RawPeer greetedOne(long instance) throws Exception {
    return RawPeer.greeted(address(), CHAIN, 1, TestChain.key(1), instance);
  }

  private void assertRefused(RawPeer peer, Refusal reason, String... words) {
    assertThat(peer.isClosedByPeer()).as("closed").isTrue();
    await().until(() -> zero.refused(reason) == 1);
    assertThat(zero.refusals).containsOnlyKeys(reason.label());
    assertThat(log.lines())
        .filteredOn(line -> line.startsWith("WARN"))
        .singleElement()
        .satisfies(line -> assertThat(line).contains(words));
  }

  @Test
  void aStrangersCertificate() throws Exception {
    try (RawPeer stranger = RawPeer.tls(address(), TestChain.key(99))) {
      stranger.knock(FrameReader.HELLO, HELLO_OF_ONE);
      assertRefused(
          stranger,
          Refusal.STRANGER,
          "refused the connection from /127.0.0.1",
          TestChain.key(99).publicKey().hex(),
          "no validator of the chain local");
    }
    assertThat(zero.events).isEmpty();
  }

  @Test
  void noCertificateAtAll() throws Exception {
    try (RawPeer nameless = RawPeer.tls(address(), null, "TLSv1.3")) {
      nameless.knock(FrameReader.HELLO, HELLO_OF_ONE);
      assertRefused(nameless, Refusal.TLS_FAILED, "TLS failed");
    }
  }

  @Test
  void aValidatorWithTls12() throws Exception {
    try (RawPeer old = RawPeer.tls(address(), TestChain.key(1), "TLSv1.2")) {
      assertThat(old.isClosedByPeer()).isTrue(); // its handshake fails
      assertRefused(old, Refusal.TLS_FAILED, "TLSv1.2");
    }
  }

  @Test
  void garbageInsteadOfTls() throws Exception {
    byte[] garbage = new byte[5_000];
    new Random(1).nextBytes(garbage);
    garbage[0] = 'G';
    try (RawPeer plain = RawPeer.plain(address())) {
      plain.bytes(garbage);
      assertRefused(plain, Refusal.NOT_TLS, "is not TLS");
    }
  }

  @Test
  void aConnectionThatSaysNothing() throws Exception {
    startHastyZero();
    try (RawPeer silent = RawPeer.plain(address())) {
      assertRefused(silent, Refusal.TIMEOUT, "not ready within 600 ms");
    }
  }

  @Test
  void halfATlsHandshakeThenSilence() throws Exception {
    startHastyZero();
    try (RawPeer half = RawPeer.plain(address())) {
      half.bytes(new byte[] {0x16, 3, 1, 2, 0, 1, 0}); // the first bytes of a ClientHello
      assertRefused(half, Refusal.TIMEOUT, "not ready within 600 ms");
    }
  }

  @Test
  void halfAGreetingThenSilence() throws Exception {
    startHastyZero();
    try (RawPeer half = one()) {
      half.header(FrameReader.HELLO, HELLO_OF_ONE.length).bytes(new byte[] {'q', 'u'});
      assertRefused(half, Refusal.TIMEOUT, "not ready within 600 ms");
    }
  }

  @Test
  void halfAPayloadThenSilence() throws Exception {
    startHastyZero();
    try (RawPeer half = greetedOne(5)) {
      half.header(FrameReader.PAYLOAD, 1_000).bytes(new byte[10]);
      assertRefused(half, Refusal.TIMEOUT, "closed the link to validator-1", "nothing came");
    }
    assertThat(zero.events).containsExactly("+r1", "-r1");
  }

  @Test
  void aGreetingAboveTheLimit() throws Exception {
    try (RawPeer loud = one()) {
      loud.header(FrameReader.HELLO, FrameReader.GREETING_BYTES_MAX + 1);
      assertRefused(loud, Refusal.BAD_FRAME, "65 bytes, at most 64");
    }
  }

  @Test
  void aPayloadAboveTheLimit() throws Exception {
    try (RawPeer loud = greetedOne(5)) {
      loud.header(FrameReader.PAYLOAD, PeerNetwork.PAYLOAD_BYTES_MAX + 1);
      assertRefused(loud, Refusal.BAD_FRAME, "8388609 bytes, at most 8388608");
    }
    assertThat(zero.events).containsExactly("+r1", "-r1");
  }

  @Test
  void aLengthThatReadsAsNegative() throws Exception {
    try (RawPeer loud = greetedOne(5)) {
      loud.header(FrameReader.PAYLOAD, -1);
      assertRefused(loud, Refusal.BAD_FRAME, "4294967295 bytes");
    }
  }

  @Test
  void aFrameOfAnUnknownKind() throws Exception {
    try (RawPeer odd = greetedOne(5)) {
      odd.frame(200, new byte[0]);
      assertRefused(odd, Refusal.BAD_FRAME, "no frame has the kind 200");
    }
  }

  @Test
  void aPayloadBeforeTheGreeting() throws Exception {
    try (RawPeer rude = one()) {
      rude.frame(FrameReader.PAYLOAD, new byte[3]);
      assertRefused(rude, Refusal.BAD_FRAME, "instead of a greeting");
    }
  }

  @Test
  void aBadFrameInTheSameBufferAsTheGreeting() throws Exception {
    byte[] both =
        ByteBuffer.allocate(2 * (FrameReader.HEADER_BYTES + HELLO_OF_ONE.length))
            .putInt(HELLO_OF_ONE.length)
            .put((byte) FrameReader.HELLO)
            .put(HELLO_OF_ONE)
            .putInt(HELLO_OF_ONE.length)
            .put((byte) FrameReader.HELLO)
            .put(HELLO_OF_ONE)
            .array();
    try (RawPeer twice = one()) {
      twice.bytes(both);
      assertRefused(twice, Refusal.BAD_FRAME, "kind 1 after the greeting");
    }
  }

  @Test
  void aGreetingOfAnotherVersion() throws Exception {
    byte[] next = HELLO_OF_ONE.clone();
    next[9] = 2;
    try (RawPeer newer = one()) {
      newer.frame(FrameReader.HELLO, next);
      assertThat(newer.readFrameKind()).isEqualTo(FrameReader.REFUSAL);
      assertRefused(newer, Refusal.ANOTHER_VERSION, "version 2", "run the same release");
    }
  }

  @Test
  void aGreetingInTheNameOfAnotherValidator() throws Exception {
    try (RawPeer liar = one()) {
      liar.frame(FrameReader.HELLO, new Hello(CHAIN.chainHash(), new ReplicaId(2), 5).encoded());
      assertRefused(liar, Refusal.BAD_FRAME, "says to be r2, but has the key of r1");
    }
  }

  @Test
  void aGreetingThatIsNone() throws Exception {
    try (RawPeer odd = one()) {
      odd.frame(FrameReader.HELLO, new byte[20]);
      assertRefused(odd, Refusal.BAD_FRAME, "greeting is malformed");
    }
  }

  @Test
  void thisNodesOwnKey() throws Exception {
    try (RawPeer copy = RawPeer.tls(address(), TestChain.key(0))) {
      assertThat(copy.readFrameKind()).isEqualTo(FrameReader.REFUSAL);
      assertRefused(copy, Refusal.KEY_USED_TWICE, "this node's own key");
    }
  }

  @Test
  void aValidatorWithAnotherGenesisIsToldOnBothSides() throws Exception {
    ChainSpec other = TestChain.chain("other", 4);
    TestNode one = node(other, 1);
    await().until(() -> zero.refused(Refusal.ANOTHER_GENESIS) > 0);
    await().until(() -> one.refused(Refusal.REFUSED_BY_PEER) > 0);
    assertThat(zero.events).isEmpty();
    assertThat(one.events).isEmpty();
    assertThat(log.lines())
        .anyMatch(
            line ->
                line.contains(other.chainHash().hex())
                    && line.contains(CHAIN.chainHash().hex())
                    && line.contains("same genesis file"))
        .anyMatch(line -> line.contains("validator-0 refused this node: its genesis is another"));
    one.close();
  }

  @Test
  void oneKeyInTwoProcessesIsRefusedAndToldOnBothSides() throws Exception {
    TestNode first = node(CHAIN, 1);
    await().until(() -> zero.isConnectedTo(1) && first.isConnectedTo(0));
    TestNode second = node(CHAIN, 1);
    await().until(() -> zero.refused(Refusal.KEY_USED_TWICE) > 3);
    await().until(() -> second.refused(Refusal.REFUSED_BY_PEER) > 0);
    assertThat(second.events).isEmpty();
    assertThat(zero.events).containsExactly("+r1");
    assertThat(first.events).containsExactly("+r0");
    assertThat(log.count("refused the connection from")).as("told once").isEqualTo(1);
    assertThat(log.lines())
        .anyMatch(line -> line.contains("another process is connected with the key of validator-1"))
        .anyMatch(line -> line.contains("is a second copy of this node running?"));
    // The rightful one going makes room for the other.
    first.close();
    await().until(() -> second.isConnectedTo(0));
  }

  @Test
  void aPeerThatComesBackWhileItsOldLinkIsARuinIsTakenAfterAProbe() throws Exception {
    startHastyZero();
    try (RawPeer ruin = greetedOne(5)) {
      await().until(() -> zero.isConnectedTo(1));
      TestNode one = node(CHAIN, 1);
      await().until(() -> one.isConnectedTo(0));
      assertThat(zero.events).containsExactly("+r1", "-r1", "+r1");
      assertThat(log.count("did not answer within 300 ms")).isEqualTo(1);
      assertThat(ruin.isClosedByPeer()).isTrue();
      one.close();
    }
  }

  @Test
  void aSecondConnectionOfTheSameProcessReplacesTheFirst() throws Exception {
    try (RawPeer first = greetedOne(5);
        RawPeer second = greetedOne(5)) {
      assertThat(first.isClosedByPeer()).isTrue();
      await().until(() -> zero.events.equals(List.of("+r1", "-r1", "+r1")));
      second.frame(FrameReader.PING, new byte[0]);
      int kind = second.readFrameKind();
      while (kind == FrameReader.PING) {
        kind = second.readFrameKind();
      }
      assertThat(kind).isEqualTo(FrameReader.PONG);
    }
  }

  @Test
  void anAddressWhereAnotherValidatorAnswers() throws Exception {
    TestNode two = node(CHAIN, 2);
    addresses.put(1, two.network.address());
    await().until(() -> zero.refused(Refusal.WRONG_VALIDATOR) > 0);
    assertThat(log.lines())
        .anyMatch(
            line ->
                line.contains("connection to validator-1") && line.contains("it is validator-2"));
    assertThat(zero.isConnectedTo(1)).isFalse();
    addresses.remove(1);
  }

  @Test
  void anAddressWhereAStrangerAnswers() throws Exception {
    ChainSpec strangers = strangers();
    try (TestNode stranger =
        new TestNode(strangers, 0, TestChain.key(50), new ConcurrentHashMap<>()).start()) {
      addresses.put(1, stranger.network.address());
      await().until(() -> zero.refused(Refusal.STRANGER) > 0);
      assertThat(log.lines())
          .anyMatch(
              line ->
                  line.contains("gave up the connection to validator-1")
                      && line.contains(TestChain.key(50).publicKey().hex()));
      addresses.remove(1);
    }
    assertThat(zero.events).isEmpty();
  }

  private static ChainSpec strangers() {
    ChainSpec like = TestChain.chain("strangers", 1);
    return new ChainSpec(
        "strangers",
        0,
        new ValidatorSet(List.of(new Validator("stranger", TestChain.key(50).publicKey()))),
        like.clients(),
        like.parameters(),
        like.appState());
  }

  @Test
  void moreSilentConnectionsThanAllowedFromOneAddress() throws Exception {
    startHastyZero();
    List<RawPeer> silent = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      silent.add(RawPeer.plain(address()));
    }
    await().until(() -> zero.refused(Refusal.TOO_MANY_CONNECTIONS) == 4);
    assertThat(silent.get(11).isClosedByPeer()).isTrue();
    await().until(() -> zero.refused(Refusal.TIMEOUT) == 8);
    assertThat(log.count("too many that have not shown who they are")).isEqualTo(1);
    for (RawPeer peer : silent) {
      assertThat(peer.isClosedByPeer()).isTrue();
      peer.close();
    }
  }

  @Test
  void aConnectionThatIsClosedAtOnceIsNoRefusal() throws Exception {
    startHastyZero();
    for (int i = 0; i < 20; i++) {
      RawPeer.plain(address()).close();
    }
    await().during(Duration.ofMillis(700)).until(() -> zero.refusals.isEmpty());
  }
}
