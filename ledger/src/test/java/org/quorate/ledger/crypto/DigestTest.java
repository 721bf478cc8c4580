package org.quorate.ledger.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  /** FIPS 180-2, appendix B.1. */
  @Test
  void digestIsSha256() {
    byte[] abc = "abc".getBytes(US_ASCII);
    assertThat(Digest.sha256(abc).hex()).isEqualTo(ABC);
    assertThat(new Hasher().add('a').add("bc".getBytes(US_ASCII)).digest().hex()).isEqualTo(ABC);
    assertThat(Digest.fromHex(ABC)).isEqualTo(Digest.sha256(abc)).hasToString(ABC);
  }

  @Test
  void hasherBeginsAnewAfterEachDigest() {
    Hasher hasher = new Hasher();
    Digest first = hasher.add(1).digest();
    assertThat(hasher.add(1).digest()).isEqualTo(first);
    assertThat(hasher.add(first).digest()).isEqualTo(Digest.sha256(first.bytes()));
  }

  @Test
  void bitsReadFromTheTopOfTheFirstByteOn() {
    Digest digest = Digest.fromHex(ABC);
    StringBuilder bits = new StringBuilder("1"); // keeps leading zeros
    for (int i = 0; i < 256; i++) {
      bits.append(digest.bit(i) ? '1' : '0');
    }
    assertThat(new BigInteger(bits.toString(), 2)).isEqualTo(new BigInteger("1" + ABC, 16));
    assertThat(digest.beginning()).isEqualTo(Integer.parseUnsignedInt(ABC.substring(0, 8), 16));
  }

  @Test
  void bytesAreCopied() {
    byte[] bytes = new byte[32];
    Digest digest = Digest.of(bytes);
    bytes[0] = 1;
    digest.bytes()[0] = 1;
    assertThat(digest).isEqualTo(Digest.ZERO);
  }

  @Test
  void domainsKeepTypesAndChainsApart() {
    Digest chain = Digest.sha256();
    byte[] body = {1, 2};
    assertThat(Domain.of("vote").hash(chain, body))
        .isEqualTo(Digest.sha256(Domain.of("vote").frame(chain, body)))
        .isNotEqualTo(Domain.of("block").hash(chain, body))
        .isNotEqualTo(Domain.of("vote").hash(Digest.ZERO, body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0G", "AB", "0x", " 00", "é0"})
  void hexThatIsNotLowerCaseOrWholeBytesIsRefused(String hex) {
    assertThatThrownBy(() -> Hex.decode(hex)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthsAreExact() {
    assertThatThrownBy(() -> Digest.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PublicKey.of(new byte[33]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SigningKey.ofSeed(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Digest.fromHex(ABC + "00"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void signingKeyDoesNotPrintItsSecret() {
    SigningKey key = SigningKey.ofSeed(new byte[32]);
    assertThat(key.toString())
        .contains(key.publicKey().hex())
        .doesNotContain(Hex.encode(key.seed()));
  }
}
