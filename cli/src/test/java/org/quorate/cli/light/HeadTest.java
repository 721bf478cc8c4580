package org.quorate.cli.light;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quorate.cli.client.StubChain;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;
import org.quorate.ledger.proof.CommittedHeader;

/** What stands in the file {@code head}, and what may not. */
final class HeadTest {
  private static final int MUTATIONS = 20_000;

  private final StubChain chain = new StubChain(1, List.of("alice"));
  private final Digest chainHash = chain.spec().chainHash();

  HeadTest() {
    for (int nonce = 1; nonce <= 9; nonce++) {
      chain.execute(
          Transaction.sign(
              StubChain.clientKey("alice"),
              chainHash,
              nonce,
              List.of(new Operation.Data(ByteString.EMPTY))));
    }
  }

  private Optional<CommittedHeader> block(long height) {
    return chain.ledger().header(height);
  }

  /** Of blocks {@code first} to {@code last}. */
  private Segment segment(long first, long last) {
    return new Segment(block(first), last - first + 1, Digest.ZERO, block(last));
  }

  private Head head(Segment... segments) {
    return new Head(
        chainHash,
        List.of(segments),
        Optional.of(
            new ProvenHeader(
                block(9).orElseThrow().header(),
                chain.ledger().checkpointCertificate(9).orElseThrow())));
  }

  @Test
  void aHeadIsReadAsItWasWritten() throws Exception {
    Head genesisAlone = new Head(chainHash, List.of(segment(0, 0)), Optional.empty());
    for (Head head : List.of(genesisAlone, head(segment(0, 3), segment(5, 5), segment(7, 9)))) {
      assertThat(Head.ofFile(head.toFile())).isEqualTo(head);
    }
  }

  @Test
  void segmentsDoNotOverlapAndTheFirstIsThatOfTheGenesis() {
    assertThat(head(segment(0, 3), segment(4, 9)).top().end()).isEqualTo(9);
    assertThatThrownBy(() -> head(segment(0, 3), segment(3, 9)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> head(segment(0, 3), segment(7, 9), segment(5, 5)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> head(segment(1, 3))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(this::head).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSegmentEndsWithItsLastBlock() {
    assertThatThrownBy(() -> new Segment(block(1), 3, Digest.ZERO, block(4)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Segment(block(1), 0, Digest.ZERO, block(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Segment(block(1), Long.MAX_VALUE, Digest.ZERO, block(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Segment(block(0), 2, Digest.ZERO, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** With a digest that fits, as who writes such a file on purpose would make it. */
  private static byte[] file(byte[] body) {
    return new Encoder().fixed(body).fixed(Domain.of("light-head").hash(body).bytes()).toBytes();
  }

  @Test
  void anotherFormatAndTrailingBytesAreRefused() {
    byte[] body = head(segment(0, 9)).encoded();
    byte[] longer = Arrays.copyOf(body, body.length + 1);
    assertThatThrownBy(() -> Head.ofFile(file(longer))).hasMessageContaining("1 trailing bytes");
    body[1] = 2;
    assertThatThrownBy(() -> Head.ofFile(file(body))).hasMessageContaining("format 2");
    assertThatThrownBy(() -> Head.ofFile(new byte[Head.FILE_BYTES_MAX + 1]))
        .isInstanceOf(MalformedException.class);
  }

  /** Whatever stands there, it is read or refused, and nothing else is thrown. */
  @Test
  void changedBytesBehindADigestThatFitsAreReadOrRefused() {
    byte[] good = head(segment(0, 3), segment(5, 5), segment(7, 9)).encoded();
    Random random = new Random(7);
    List<String> surprises = new ArrayList<>();
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bad = Arrays.copyOf(good, good.length - (i % 3 == 0 ? random.nextInt(99) : 0));
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(Head.ofFile(file(bad)).encoded()).isEqualTo(bad);
      } catch (MalformedException e) {
        // as it should be
      } catch (RuntimeException e) {
        surprises.add(i + ": " + e);
      }
    }
    assertThat(surprises).isEmpty();
  }
}
