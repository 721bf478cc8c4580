package org.quorate.consensus.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ValidatorSet;

final class MessageCodecTest {
  static Stream<SampleMessages.Sample> samples() {
    return SampleMessages.all().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyMessageComesBackAsItWasSent(SampleMessages.Sample sample) throws MalformedException {
    byte[] bytes = MessageCodec.encode(sample.message());
    Message back = MessageCodec.decodeUnchecked(bytes);
    assertThat(back).isEqualTo(sample.message()).hasSameHashCodeAs(sample.message());
    assertThat(MessageCodec.encode(back)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theBytesOfEveryMessageStayAsTheyAre(SampleMessages.Sample sample) {
    byte[] bytes = MessageCodec.encode(sample.message());
    assertThat(bytes[0]).isEqualTo((byte) sample.kind());
    assertThat(bytes.length + " " + Digest.sha256(bytes).hex().substring(0, 16))
        .as("%s", sample)
        .isEqualTo(sample.golden());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aMessageCutOffAnywhereIsRefused(SampleMessages.Sample sample) {
    byte[] bytes = MessageCodec.encode(sample.message());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> MessageCodec.decodeUnchecked(cut))
          .as("%d of %d bytes", length, bytes.length)
          .isInstanceOf(MalformedException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aByteAfterAMessageIsRefused(SampleMessages.Sample sample) {
    byte[] bytes = MessageCodec.encode(sample.message());
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> MessageCodec.decodeUnchecked(longer))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("trailing");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyFlippedByteGivesAnotherMessageOrNone(SampleMessages.Sample sample) {
    byte[] bytes = MessageCodec.encode(sample.message());
    for (int at = 0; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= 0x41;
      try {
        Message message = MessageCodec.decodeUnchecked(changed);
        assertThat(MessageCodec.encode(message)).isEqualTo(changed);
        assertThat(message).isNotEqualTo(sample.message());
      } catch (MalformedException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void aKindThatNoMessageHasIsRefused() {
    for (int kind : new int[] {0x00, 0x07, 0x0f, 0x18, 0xff}) {
      assertThatThrownBy(() -> MessageCodec.decodeUnchecked(new byte[] {(byte) kind}))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("kind " + kind);
    }
  }

  @Test
  void listsAboveTheirLimitsAreRefusedBeforeTheyAreRead() {
    byte[] status =
        new Encoder()
            .u8(0x10)
            .u64(0)
            .u8(1)
            .u64(0)
            .u64(0)
            .u64(0)
            .u32(ChainParameters.WINDOW_LIMIT + 1)
            .toBytes();
    byte[] newView =
        new Encoder()
            .u8(0x06)
            .u16(0)
            .fixed(new byte[64])
            .u64(1)
            .u32(ValidatorSet.VALIDATORS_MAX + 1)
            .toBytes();
    byte[] committed = new Encoder().u8(0x13).u32(Transfer.BLOCKS_MAX + 1).toBytes();
    byte[] proposed = new Encoder().u8(0x15).u32(Transfer.BLOCKS_MAX + 1).toBytes();
    for (byte[] bytes : new byte[][] {status, newView, committed, proposed}) {
      assertThatThrownBy(() -> MessageCodec.decodeUnchecked(bytes))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("above the limit");
    }
  }

  @Test
  void aStatusThatAsksForAViewBelowItsOwnIsRefused() {
    byte[] status = new Encoder().u8(0x10).u64(3).u8(1).u64(2).u64(0).u64(0).u32(0).toBytes();
    assertThatThrownBy(() -> MessageCodec.decodeUnchecked(status))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("below its own");
  }

  @Test
  void aFlagThatIsNeitherZeroNorOneIsRefused() {
    byte[] status = new Encoder().u8(0x10).u64(0).u8(2).u64(0).u64(0).u64(0).u32(0).toBytes();
    assertThatThrownBy(() -> MessageCodec.decodeUnchecked(status))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("flag");
  }

  @Test
  void storedBlocksMakeTheSameMessageAsDecodedOnes() {
    Transfer.CommittedBlocks decoded = SampleMessages.committedBlocks();
    StoredBlocks stored = new StoredBlocks();
    decoded
        .items()
        .forEach(
            item ->
                stored.add(
                    item.block().encoded(),
                    item.checkpoint().map(certificate -> certificate.encoded())));
    assertThat(stored.message()).isEqualTo(MessageCodec.encode(decoded));
    assertThat(stored.count()).isEqualTo(2);
  }

  @Test
  void storedBlocksAreFullAtTheLimitsOfAnAnswer() {
    StoredBlocks many = new StoredBlocks();
    for (int i = 0; i < Transfer.BLOCKS_MAX; i++) {
      assertThat(many.isFull()).isFalse();
      many.add(new byte[1], Optional.empty());
    }
    assertThat(many.isFull()).isTrue();
    StoredBlocks large = new StoredBlocks();
    large.add(new byte[Transfer.BYTES_SOFT_MAX - 1], Optional.empty());
    assertThat(large.isFull()).isFalse();
    large.add(new byte[0], Optional.of(new byte[1]));
    assertThat(large.isFull()).isTrue();
  }
}
