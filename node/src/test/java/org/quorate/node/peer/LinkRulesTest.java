package org.quorate.node.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.peer.LinkTable.Origin;
import org.quorate.node.peer.LinkTable.Verdict;

/** The rules of the links that need no socket. */
final class LinkRulesTest {
  @Test
  void ofTwoConnectionsOfTheSameProcessesTheOneOfTheLowerIndexStays() {
    Origin lower = new Origin(7, true);
    Origin higher = new Origin(7, false);
    assertThat(LinkTable.verdict(null, higher)).isEqualTo(Verdict.KEEP);
    assertThat(LinkTable.verdict(higher, lower)).isEqualTo(Verdict.KEEP);
    assertThat(LinkTable.verdict(lower, higher)).isEqualTo(Verdict.SUPERSEDED);
    assertThat(LinkTable.verdict(lower, lower)).isEqualTo(Verdict.KEEP);
    assertThat(LinkTable.verdict(higher, higher)).isEqualTo(Verdict.KEEP);
  }

  @Test
  void anotherProcessWithTheSameKeyNeverTakesOverALink() {
    for (boolean present : new boolean[] {false, true}) {
      for (boolean candidate : new boolean[] {false, true}) {
        assertThat(LinkTable.verdict(new Origin(7, present), new Origin(8, candidate)))
            .isEqualTo(Verdict.KEY_USED_TWICE);
      }
    }
  }

  @Test
  void pausesDoubleUpToTheLongestAndAreDrawnFromTheUpperHalf() {
    Backoff backoff = new Backoff(100, 1_000, new Random(1));
    for (int expected : new int[] {100, 200, 400, 800, 1_000, 1_000, 1_000}) {
      assertThat(backoff.pauseMillis()).isBetween(expected / 2, expected);
    }
    backoff.reset();
    assertThat(backoff.pauseMillis()).isBetween(50, 100);
  }

  @Test
  void aGreetingHasTheseBytes() throws Exception {
    Hello hello = new Hello(Digest.sha256(new byte[0]), new ReplicaId(3), -2);
    byte[] bytes = hello.encoded();
    assertThat(ByteString.of(bytes).hex())
        .isEqualTo(
            "71756f7261746500"
                + "0001"
                + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                + "0003"
                + "fffffffffffffffe");
    assertThat(Decoder.decode(bytes, Hello::decode)).isEqualTo(hello);
    assertThat(bytes.length).isLessThanOrEqualTo(FrameReader.GREETING_BYTES_MAX);
  }

  @Test
  void aGreetingThatIsCutLongerOrOfAnotherMagicIsRefused() {
    byte[] bytes = new Hello(Digest.ZERO, new ReplicaId(0), 1).encoded();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Decoder.decode(cut, Hello::decode))
          .isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> Decoder.decode(Arrays.copyOf(bytes, bytes.length + 1), Hello::decode))
        .isInstanceOf(MalformedException.class);
    byte[] other = bytes.clone();
    other[0] ^= 1;
    assertThat(Hello.version(other)).isEmpty();
    assertThatThrownBy(() -> Decoder.decode(other, Hello::decode))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void framesAreReadWhereverTheStreamIsCut() throws Exception {
    ByteBuf stream = Unpooled.buffer();
    for (int length : new int[] {0, 1, 300}) {
      FrameReader.writeHeader(stream, FrameReader.PAYLOAD, length);
      stream.writeZero(length);
    }
    for (int piece = 1; piece < stream.writerIndex(); piece++) {
      FrameReader reader = new FrameReader();
      reader.greetingDone();
      List<Integer> lengths = new ArrayList<>();
      for (int from = 0; from < stream.writerIndex(); from += piece) {
        ByteBuf part = stream.slice(from, Math.min(piece, stream.writerIndex() - from));
        reader.read(part, (kind, body) -> lengths.add(body.length));
      }
      assertThat(lengths).as("in pieces of %d", piece).containsExactly(0, 1, 300);
    }
  }

  @Test
  void anyBytesAreFramesOrABadFrameAndNothingLongerThanAllowed() {
    Random random = new Random(17);
    int bad = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      for (int at = 0; at < bytes.length; at += 5 + random.nextInt(60)) {
        Arrays.fill(bytes, at, Math.min(bytes.length, at + 3), (byte) 0); // short lengths
      }
      try {
        new FrameReader()
            .read(
                Unpooled.wrappedBuffer(bytes),
                (kind, body) -> {
                  assertThat(kind).isBetween(FrameReader.HELLO, FrameReader.PAYLOAD);
                  assertThat(body.length).isLessThanOrEqualTo(FrameReader.GREETING_BYTES_MAX);
                });
      } catch (BadFrameException e) {
        bad++;
      }
    }
    assertThat(bad).isBetween(1_000, 20_000);
  }

  @Test
  void pingsOfAPeerThatDoesNotReadAreAnsweredOnce() {
    OutboundQueue queue = new OutboundQueue(PeerLimits.DEFAULTS, PeerMetrics.NONE);
    for (int i = 0; i < 1_000; i++) {
      queue.pong();
      queue.ping();
    }
    ByteBuf out = Unpooled.buffer(1_000, 1_000);
    queue.fill(out);
    assertThat(out.readableBytes()).isEqualTo(2 * FrameReader.HEADER_BYTES);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void aQueueIsBoundedInNumberAndBytesAndEmptiesInPieces() throws Exception {
    PeerLimits limits = new PeerLimits(8 << 20, 3, 1, 1, 1, 1, 1, 1, 1, 1, 0);
    TestNode counts = new TestNode(TestChain.chain("local", 1), 0, TestChain.key(0), Map.of());
    OutboundQueue queue = new OutboundQueue(limits, counts);
    assertThat(queue.offer(new byte[6 << 20])).isTrue();
    assertThat(queue.offer(new byte[3 << 20])).isFalse();
    assertThat(queue.offer(new byte[2 << 20])).isTrue();
    assertThat(queue.offer(new byte[0])).isTrue();
    assertThat(queue.offer(new byte[0])).isFalse();
    assertThat(queue.bytes()).isEqualTo(8 << 20);
    FrameReader reader = new FrameReader();
    reader.greetingDone();
    List<Integer> lengths = new ArrayList<>();
    while (!queue.isEmpty()) {
      ByteBuf out = Unpooled.buffer(1_000, 1_000);
      queue.fill(out);
      reader.read(out, (kind, body) -> lengths.add(body.length));
    }
    assertThat(lengths).containsExactly(6 << 20, 2 << 20, 0);
    assertThat(queue.bytes()).isZero();
    assertThat(queue.offer(new byte[1])).isTrue();
    queue.close();
    assertThat(queue.offer(new byte[1])).isFalse();
    assertThat(counts.dropped).hasValue(1);
    counts.close();
  }

  @Test
  void aPlaceThatWasGivenBackCanBeTakenAgain() {
    ConnectionCap cap = new ConnectionCap(3, 2);
    InetAddress one = InetAddress.getLoopbackAddress();
    InetAddress other = TestNode.local(0).getAddress();
    assertThat(cap.acquire(one)).isTrue();
    assertThat(cap.acquire(other)).as("the same address").isTrue();
    assertThat(cap.acquire(one)).isFalse();
    cap.release(one);
    assertThat(cap.acquire(one)).isTrue();
    assertThat(cap.total()).isEqualTo(2);
  }

  @Test
  void aCertificateCarriesTheValidatorsKeyAndNoEnd() throws Exception {
    X509Certificate certificate =
        TlsIdentity.certificate(TestChain.key(1), TlsIdentity.privateKey(TestChain.key(1)));
    assertThat(PinnedTrust.key(certificate)).contains(TestChain.key(1).publicKey());
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo("9999-12-31T23:59:59Z");
  }
}
