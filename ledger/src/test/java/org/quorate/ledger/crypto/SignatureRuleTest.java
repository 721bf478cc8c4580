package org.quorate.ledger.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The verdict on signatures, good and odd. Replicas that disagree on one of these can be split by a
 * client; so a change of any verdict here, such as a new version of Bouncy Castle may bring, is a
 * fork of every chain.
 */
final class SignatureRuleTest {
  private static final byte[] MESSAGE = "a message".getBytes(UTF_8);
  private static final SigningKey KEY = SigningKey.ofSeed(filled(32, 7));
  private static final BigInteger SECRET = EdwardsPoint.scalar(KEY.seed());
  private static final BigInteger NONCE = new BigInteger("123456789012345678901234567890");

  /** RFC 8032, §7.1: TEST 1, TEST 2, TEST 3 and TEST SHA(abc). */
  @ParameterizedTest
  @CsvSource(
      emptyValue = "",
      value = {
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
            + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
            + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
            + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
            + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
            + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
            + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
            + "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,"
            + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,"
            + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
      })
  void vectorsOfRfc8032Hold(String seed, String publicKey, String message, String signature) {
    SigningKey key = SigningKey.ofSeed(Hex.decode(seed));
    assertThat(key.publicKey().hex()).isEqualTo(publicKey);
    assertThat(key.sign(Hex.decode(message)).hex()).isEqualTo(signature);
    assertThat(accepts(key.publicKey().bytes(), Hex.decode(message), Hex.decode(signature)))
        .isTrue();
  }

  @Test
  void signatureIsRefusedForAnotherMessageOrKey() {
    byte[] signature = KEY.sign(MESSAGE).bytes();
    assertThat(accepts(KEY.publicKey().bytes(), MESSAGE, signature)).isTrue();
    assertThat(accepts(KEY.publicKey().bytes(), "another".getBytes(UTF_8), signature)).isFalse();
    byte[] another = SigningKey.ofSeed(filled(32, 8)).publicKey().bytes();
    assertThat(accepts(another, MESSAGE, signature)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 63, 65, 128})
  void signatureOfAnotherLengthThan64BytesCannotBeHeld(int length) {
    byte[] bytes = Arrays.copyOf(KEY.sign(MESSAGE).bytes(), length);
    assertThatThrownBy(() -> Signature.of(bytes)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everySingleBitOfASignatureCounts() {
    byte[] signature = KEY.sign(MESSAGE).bytes();
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      byte[] changed = signature.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(accepts(KEY.publicKey().bytes(), MESSAGE, changed)).as("bit %d", bit).isFalse();
    }
  }

  /** Refused: S + L satisfies the equation, but is a second signature of the same signer's. */
  @Test
  void signatureWithSPlusLIsRefused() {
    byte[] signature = KEY.sign(MESSAGE).bytes();
    byte[] r = Arrays.copyOf(signature, 32);
    BigInteger s = EdwardsPoint.number(Arrays.copyOfRange(signature, 32, 64));
    byte[] again = join(r, EdwardsPoint.littleEndian(s.add(EdwardsPoint.L)));
    assertThat(equation(KEY.publicKey().bytes(), MESSAGE, again, 8)).isTrue();
    assertThat(accepts(KEY.publicKey().bytes(), MESSAGE, again)).isFalse();
    byte[] order = join(r, EdwardsPoint.littleEndian(EdwardsPoint.L));
    assertThat(accepts(KEY.publicKey().bytes(), MESSAGE, order)).isFalse();
  }

  /** Refused: y + P is the same point in other bytes. Only y below 19 leaves room for that. */
  @Test
  void nonCanonicalAIsRefused() {
    int twins = 0;
    for (int y = 0; y < 19; y++) {
      for (boolean odd : new boolean[] {false, true}) {
        BigInteger canonical = BigInteger.valueOf(y);
        PublicKey twin = PublicKey.of(EdwardsPoint.encoding(canonical.add(EdwardsPoint.P), odd));
        assertThat(twin.isValid()).as("y = P + %d", y).isFalse();
        if (PublicKey.of(EdwardsPoint.encoding(canonical, odd)).isValid()) {
          twins++;
        }
      }
    }
    // So it is the encoding that is refused, not the point.
    assertThat(twins).isGreaterThan(10);
  }

  /** Refused: x = 0 has no odd form. */
  @Test
  void aAndRWithNegativeZeroAreRefused() {
    for (BigInteger y :
        new BigInteger[] {BigInteger.ONE, EdwardsPoint.P.subtract(BigInteger.ONE)}) {
      byte[] negativeZero = EdwardsPoint.encoding(y, true);
      assertThat(PublicKey.of(negativeZero).isValid()).isFalse();
      assertThat(accepts(KEY.publicKey().bytes(), MESSAGE, signedWith(negativeZero))).isFalse();
    }
  }

  /**
   * Refused: R as P + 1 instead of 1, the identity, and P instead of 0, a point of order 4; with
   * the S that the equation asks for.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void nonCanonicalRIsRefused(int y) {
    BigInteger canonical = BigInteger.valueOf(y);
    byte[] good = signedWith(EdwardsPoint.encoding(canonical, false));
    assertThat(accepts(KEY.publicKey().bytes(), MESSAGE, good)).isTrue();
    byte[] odd = signedWith(EdwardsPoint.encoding(canonical.add(EdwardsPoint.P), false));
    assertThat(accepts(KEY.publicKey().bytes(), MESSAGE, odd)).isFalse();
  }

  /** Refused, each of the eight: R = [S]B is a signature of such a key over any message. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void smallOrderAIsRefused(int index) {
    byte[] a = EdwardsPoint.smallOrder().get(index).encoded();
    byte[] signature =
        join(EdwardsPoint.BASE.times(NONCE).encoded(), EdwardsPoint.littleEndian(NONCE));
    assertThat(equation(a, MESSAGE, signature, 8)).isTrue();
    assertThat(PublicKey.of(a).isValid()).isFalse();
    assertThat(accepts(a, MESSAGE, signature)).isFalse();
  }

  /** Accepted, each of the eight: the cofactored equation does not see it, and R harms no one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void smallOrderRIsAccepted(int index) {
    byte[] signature = signedWith(EdwardsPoint.smallOrder().get(index).encoded());
    assertThat(equation(KEY.publicKey().bytes(), MESSAGE, signature, 1)).isEqualTo(index == 0);
    assertThat(accepts(KEY.publicKey().bytes(), MESSAGE, signature)).isTrue();
  }

  /** Accepted, by the cofactored equation only. */
  @Test
  void aWithATorsionComponentIsAccepted() {
    EdwardsPoint a = EdwardsPoint.BASE.times(SECRET).plus(EdwardsPoint.TORSION);
    byte[] signature = oddChallenge(a, EdwardsPoint.BASE.times(NONCE));
    assertThat(accepts(a.encoded(), MESSAGE, signature)).isTrue();
  }

  /** Accepted, by the cofactored equation only. */
  @Test
  void rWithATorsionComponentIsAccepted() {
    EdwardsPoint r = EdwardsPoint.BASE.times(NONCE).plus(EdwardsPoint.TORSION);
    byte[] signature = oddChallenge(EdwardsPoint.BASE.times(SECRET), r);
    assertThat(accepts(KEY.publicKey().bytes(), MESSAGE, signature)).isTrue();
  }

  /** Accepted, by the cofactored equation only. */
  @Test
  void aAndRWithTorsionComponentsAreAccepted() {
    EdwardsPoint a = EdwardsPoint.BASE.times(SECRET).plus(EdwardsPoint.TORSION);
    EdwardsPoint r = EdwardsPoint.BASE.times(NONCE).plus(EdwardsPoint.TORSION.times(2));
    assertThat(accepts(a.encoded(), MESSAGE, oddChallenge(a, r))).isTrue();
  }

  @Test
  void aThatIsNoPointIsRefused() {
    int refused = 0;
    for (int y = 2; y < 100; y++) {
      byte[] bytes = EdwardsPoint.encoding(BigInteger.valueOf(y), false);
      Optional<EdwardsPoint> point = EdwardsPoint.withY(BigInteger.valueOf(y), false);
      assertThat(PublicKey.of(bytes).isValid()).as("y = %d", y).isEqualTo(point.isPresent());
      refused += point.isPresent() ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(20);
  }

  /** Random points with random torsion, and an S that is right or not, against the equation. */
  @Test
  void verdictIsThatOfTheCofactoredEquation() {
    Random random = new Random(1);
    for (int i = 0; i < 40; i++) {
      BigInteger secret = new BigInteger(250, random).add(BigInteger.ONE);
      BigInteger nonce = new BigInteger(250, random);
      EdwardsPoint torsion = EdwardsPoint.TORSION;
      byte[] a = EdwardsPoint.BASE.times(secret).plus(torsion.times(random.nextInt(8))).encoded();
      byte[] r = EdwardsPoint.BASE.times(nonce).plus(torsion.times(random.nextInt(8))).encoded();
      BigInteger k = EdwardsPoint.challenge(r, a, MESSAGE);
      BigInteger s = nonce.add(k.multiply(secret)).add(BigInteger.valueOf(random.nextInt(2)));
      byte[] signature = join(r, EdwardsPoint.littleEndian(s.mod(EdwardsPoint.L)));
      assertThat(accepts(a, MESSAGE, signature)).isEqualTo(equation(a, MESSAGE, signature, 8));
    }
  }

  /** A signature that passes the cofactored equation and no other. */
  private static byte[] oddChallenge(EdwardsPoint a, EdwardsPoint r) {
    BigInteger k = EdwardsPoint.challenge(r.encoded(), a.encoded(), MESSAGE);
    BigInteger s = NONCE.add(k.multiply(SECRET)).mod(EdwardsPoint.L);
    byte[] signature = join(r.encoded(), EdwardsPoint.littleEndian(s));
    assertThat(equation(a.encoded(), MESSAGE, signature, 8)).isTrue();
    assertThat(equation(a.encoded(), MESSAGE, signature, 1)).isFalse();
    return signature;
  }

  /** What KEY makes of an R whose logarithm is 0, but for torsion: S = k · secret. */
  private static byte[] signedWith(byte[] r) {
    BigInteger k = EdwardsPoint.challenge(r, KEY.publicKey().bytes(), MESSAGE);
    return join(r, EdwardsPoint.littleEndian(k.multiply(SECRET).mod(EdwardsPoint.L)));
  }

  /** [cofactor][S]B = [cofactor]R + [cofactor][k]A, for canonical A and R. */
  private static boolean equation(byte[] a, byte[] message, byte[] signature, int cofactor) {
    byte[] r = Arrays.copyOf(signature, 32);
    BigInteger s = EdwardsPoint.number(Arrays.copyOfRange(signature, 32, 64));
    BigInteger k = EdwardsPoint.challenge(r, a, message);
    EdwardsPoint right = point(r).plus(point(a).times(k));
    return EdwardsPoint.BASE.times(s).times(cofactor).equals(right.times(cofactor));
  }

  private static EdwardsPoint point(byte[] encoded) {
    BigInteger number = EdwardsPoint.number(encoded);
    return EdwardsPoint.withY(number.clearBit(255), number.testBit(255)).orElseThrow();
  }

  private static boolean accepts(byte[] key, byte[] message, byte[] signature) {
    return SignatureVerifier.ED25519.verify(PublicKey.of(key), message, Signature.of(signature));
  }

  private static byte[] join(byte[] r, byte[] s) {
    byte[] signature = Arrays.copyOf(r, 64);
    System.arraycopy(s, 0, signature, 32, 32);
    return signature;
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
