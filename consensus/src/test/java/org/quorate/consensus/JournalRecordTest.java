package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;

final class JournalRecordTest {
  private static final TestChain CHAIN = new TestChain(4);
  private static final Block BLOCK =
      CHAIN.block(0, CHAIN.spec().genesisHeader(), CHAIN.transaction(1));

  /** Each with the number of its bytes and the first half of their SHA-256. */
  static Stream<Arguments> records() {
    return List.of(
        Arguments.of(new JournalRecord.ViewLeft(7), "9 56507896f58bee01"),
        Arguments.of(new JournalRecord.Abstained(7), "9 611d2ccc47dd03f8"),
        Arguments.of(new JournalRecord.ViewEntered(7, BLOCK.id()), "49 ccc6718df928baf4"),
        Arguments.of(
            new JournalRecord.NewViewSeen(ByteString.utf8("new view")), "13 1d9a0b405eb86919"),
        Arguments.of(new JournalRecord.Accepted(BLOCK), "325 cd59df0ec745f82d"),
        Arguments.of(new JournalRecord.Voted(7, BLOCK.id()), "49 48a39e44e857c92c"),
        Arguments.of(
            new JournalRecord.Prepared(CHAIN.prepared(0, BLOCK.id(), 0, 1, 3)),
            "250 3038c59422819574"),
        Arguments.of(new JournalRecord.VotedUpTo(7), "9 c731db5e9a291227"),
        Arguments.of(new JournalRecord.Forgot(), "1 2b4c342f5433ebe5"),
        Arguments.of(new JournalRecord.Told(7, 9), "17 3e9bdcbbb05b7e3a"),
        Arguments.of(new JournalRecord.Suspected(7), "9 c13be15ba4f1c1c3"))
        .stream();
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyRecordComesBackAsItWasWritten(JournalRecord record, String golden)
      throws MalformedException {
    byte[] bytes = record.encoded();
    assertThat(Decoder.decode(bytes, JournalRecord::decode)).isEqualTo(record);
    assertThat(bytes.length + " " + Digest.sha256(bytes).hex().substring(0, 16))
        .as("%s", record)
        .isEqualTo(golden);
  }

  @ParameterizedTest
  @MethodSource("records")
  void aRecordCutOffOrGoingOnIsRefused(JournalRecord record, String golden) {
    byte[] bytes = record.encoded();
    for (int length = 0; length <= bytes.length + 1; length++) {
      if (length != bytes.length) {
        byte[] other = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> Decoder.decode(other, JournalRecord::decode))
            .as("%s, %d of %d bytes", golden, length, bytes.length)
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @Test
  void aKindThatNoRecordHasIsRefused() {
    for (int kind : new int[] {0, 12, 255}) {
      assertThatThrownBy(() -> Decoder.decode(new byte[] {(byte) kind}, JournalRecord::decode))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("kind " + kind);
    }
  }

  @Test
  void aNewViewAboveTheLimitIsRefused() {
    byte[] bytes = new Encoder().u8(3).u32(JournalRecord.NEW_VIEW_BYTES_MAX + 1).toBytes();
    assertThatThrownBy(() -> Decoder.decode(bytes, JournalRecord::decode))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("above the limit");
  }

  @FuzzTest
  void bytesAreARecordInOneFormOrRefused(byte[] bytes) {
    try {
      assertThat(Decoder.decode(bytes, JournalRecord::decode).encoded()).isEqualTo(bytes);
    } catch (MalformedException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }
}
