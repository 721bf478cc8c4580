package org.quorate.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.MalformedException;

/** What holds for the encoding of every type: one value, one form, and nothing else decodes. */
final class EncodingTest {
  private static Samples.Sample sample(String name) throws LedgerException {
    return new Samples().all().get(name);
  }

  @ParameterizedTest
  @MethodSource("org.quorate.ledger.Samples#names")
  void whatIsWrittenIsReadAgain(String name) throws LedgerException, MalformedException {
    Samples.Sample sample = sample(name);
    byte[] bytes = sample.value().encoded();
    Encodable read = Decoder.decode(bytes, sample.reader());
    assertThat(read).isEqualTo(sample.value()).hasSameHashCodeAs(sample.value());
    assertThat(read.encoded()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @MethodSource("org.quorate.ledger.Samples#names")
  void everyTruncationIsRefused(String name) throws LedgerException {
    Samples.Sample sample = sample(name);
    byte[] bytes = sample.value().encoded();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Decoder.decode(cut, sample.reader()))
          .as("%d of %d bytes", length, bytes.length)
          .isInstanceOf(MalformedException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("org.quorate.ledger.Samples#names")
  void trailingBytesAreRefused(String name) throws LedgerException {
    Samples.Sample sample = sample(name);
    byte[] bytes = sample.value().encoded();
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> Decoder.decode(longer, sample.reader()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("trailing");
  }

  /** Whatever still decodes after a change of some bytes must be exactly those bytes' value. */
  @ParameterizedTest
  @MethodSource("org.quorate.ledger.Samples#names")
  void noValueHasASecondForm(String name) throws LedgerException {
    Samples.Sample sample = sample(name);
    byte[] bytes = sample.value().encoded();
    Random random = new Random(11);
    for (int round = 0; round < 1_000; round++) {
      byte[] changed = bytes.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        changed[random.nextInt(bytes.length)] =
            (byte) (random.nextBoolean() ? random.nextInt() : -1);
      }
      assertCanonicalOrRefused(changed, sample.reader());
    }
  }

  /** A length or count of 2^32-1 in any place must be refused before anything is allocated. */
  @ParameterizedTest
  @MethodSource("org.quorate.ledger.Samples#names")
  void hugeLengthsAreRefusedOrAreNoLengths(String name) throws LedgerException {
    Samples.Sample sample = sample(name);
    byte[] bytes = sample.value().encoded();
    for (int at = 0; at + 4 <= bytes.length; at++) {
      for (byte top : new byte[] {(byte) 0xff, 0x7f, 0x00}) {
        byte[] changed = bytes.clone();
        Arrays.fill(changed, at, at + 4, (byte) 0xff);
        changed[at] = top;
        assertCanonicalOrRefused(changed, sample.reader());
      }
    }
  }

  static void assertCanonicalOrRefused(byte[] bytes, Decoder.Reader<? extends Encodable> reader) {
    Encodable value;
    try {
      value = Decoder.decode(bytes, reader);
    } catch (MalformedException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
      return;
    }
    assertThat(value.encoded()).isEqualTo(bytes);
  }
}
