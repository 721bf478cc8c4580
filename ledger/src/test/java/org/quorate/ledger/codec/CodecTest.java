package org.quorate.ledger.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CodecTest {
  @Test
  void formsAreThoseOfTheGrammar() {
    Encoder out =
        new Encoder()
            .u8(255)
            .u16(65_535)
            .u32(Integer.MAX_VALUE)
            .u64(Long.MAX_VALUE)
            .i64(-2)
            .fixed(new byte[] {9})
            .bytes(new byte[] {8, 7})
            .text("é")
            .list(List.of(ByteString.EMPTY, ByteString.of(new byte[] {1})))
            .optional(Optional.empty())
            .optional(Optional.of(ByteString.EMPTY));
    assertThat(HexFormat.of().formatHex(out.toBytes()))
        .isEqualTo(
            "ff"
                + "ffff"
                + "7fffffff"
                + "7fffffffffffffff"
                + "fffffffffffffffe"
                + "09"
                + "000000020807"
                + "00000002c3a9"
                + "00000002"
                + "00000000"
                + "0000000101"
                + "00"
                + "01"
                + "00000000");
  }

  @Test
  void formsAreReadBack() throws MalformedException {
    byte[] bytes =
        new Encoder().u8(1).u16(2).u32(3).u64(4).i64(-5).bytes(new byte[] {6}).text("π").toBytes();
    String read =
        Decoder.decode(
            bytes,
            in ->
                in.u8()
                    + " "
                    + in.u16()
                    + " "
                    + in.u32(3)
                    + " "
                    + in.u64()
                    + " "
                    + in.i64()
                    + " "
                    + in.bytes(1)[0]
                    + " "
                    + in.text(2));
    assertThat(read).isEqualTo("1 2 3 4 -5 6 π");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256})
  void u8OutOfRangeIsNotWritten(int value) {
    assertThatThrownBy(() -> new Encoder().u8(value)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void integersOutOfRangeAreNotWritten() {
    assertThatThrownBy(() -> new Encoder().u16(65_536))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Encoder().u16(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Encoder().u32(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Encoder().u64(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void limitsAreKept() {
    refused("00000004", in -> in.u32(3), "above the limit");
    refused("ffffffff", in -> in.u32(Integer.MAX_VALUE), "4294967295");
    refused("8000000000000000", Decoder::u64, "2^63");
    refused("00000002ffff", in -> in.bytes(1), "above the limit");
    refused("00000002c3a9", in -> in.text(1), "above the limit");
    refused("000000020000", in -> in.list(1, Decoder::u8), "above the limit");
  }

  /** The count says 1,000,000 and there is one byte: no list of a million is made for it. */
  @Test
  void countIsCheckedAgainstTheBytesThatAreLeft() {
    refused("000f424000", in -> in.list(2_000_000, Decoder::u8), "cut off");
    refused("7fffffff00", in -> in.bytes(Integer.MAX_VALUE), "cut off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "c0af", "eda080", "f4908080", "c3"})
  void textThatIsNotUtf8IsRefused(String hex) {
    byte[] text = HexFormat.of().parseHex(hex);
    byte[] bytes = new Encoder().bytes(text).toBytes();
    assertThatThrownBy(() -> Decoder.decode(bytes, in -> in.text(9)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void presenceByteIsZeroOrOne() {
    refused("0200", in -> in.optional(Decoder::u8), "presence");
  }

  @Test
  void trailingBytesAreRefused() {
    refused("0102", Decoder::u8, "1 trailing");
  }

  @Test
  void brokenInvariantIsReportedWithItsPlace() {
    refused(
        "05",
        in -> {
          throw new IllegalArgumentException("five is too many: " + in.u8());
        },
        "at byte 0: five is too many: 5");
  }

  @Test
  void byteStringsAreOrderedAsUnsignedBytesAndCopied() {
    byte[] bytes = {(byte) 0x80};
    ByteString high = ByteString.of(bytes);
    bytes[0] = 0;
    high.bytes()[0] = 0;
    assertThat(high.hex()).isEqualTo("80");
    assertThat(high).isGreaterThan(ByteString.of(new byte[] {0x7f, 0x7f}));
    assertThat(high).isLessThan(ByteString.of(new byte[] {(byte) 0x80, 0}));
    assertThat(ByteString.utf8("ab").startsWith(ByteString.utf8("a"))).isTrue();
    assertThat(ByteString.utf8("ab").startsWith(ByteString.EMPTY)).isTrue();
    assertThat(ByteString.utf8("a").startsWith(ByteString.utf8("ab"))).isFalse();
    assertThat(ByteString.utf8("ab").startsWith(ByteString.utf8("b"))).isFalse();
    assertThat(ByteString.utf8("é").bytes()).isEqualTo("é".getBytes(UTF_8));
  }

  private static void refused(String hex, Decoder.Reader<?> reader, String why) {
    assertThatThrownBy(() -> Decoder.decode(HexFormat.of().parseHex(hex), reader))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }
}
