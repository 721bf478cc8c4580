package org.quorate.ledger.crypto;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A point of edwards25519 (RFC 8032, §5.1) in plain affine arithmetic: slow, small, and written
 * from the equations alone, so that it can judge the fast one and build points that no signer
 * makes.
 */
record EdwardsPoint(BigInteger x, BigInteger y) {
  static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** The order of the base point. */
  static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  static final EdwardsPoint IDENTITY = new EdwardsPoint(BigInteger.ZERO, BigInteger.ONE);

  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);

  static final EdwardsPoint BASE =
      withY(BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P), false)
          .orElseThrow();

  /** The point with this y and this lowest bit of x, if there is one. */
  static Optional<EdwardsPoint> withY(BigInteger y, boolean oddX) {
    BigInteger y2 = y.multiply(y).mod(P);
    BigInteger x2 =
        y2.subtract(BigInteger.ONE)
            .multiply(D.multiply(y2).add(BigInteger.ONE).modInverse(P))
            .mod(P);
    // P = 5 mod 8: a root is x2^((P+3)/8), or that times the root of -1.
    BigInteger x = x2.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
    if (!x.multiply(x).mod(P).equals(x2)) {
      x = x.multiply(BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P)).mod(P);
    }
    if (!x.multiply(x).mod(P).equals(x2) || (x.signum() == 0 && oddX)) {
      return Optional.empty();
    }
    return Optional.of(new EdwardsPoint(x.testBit(0) == oddX ? x : P.subtract(x), y));
  }

  EdwardsPoint plus(EdwardsPoint other) {
    BigInteger product = D.multiply(x).multiply(other.x).multiply(y).multiply(other.y).mod(P);
    BigInteger sumX = x.multiply(other.y).add(y.multiply(other.x));
    BigInteger sumY = y.multiply(other.y).add(x.multiply(other.x));
    return new EdwardsPoint(
        sumX.multiply(BigInteger.ONE.add(product).modInverse(P)).mod(P),
        sumY.multiply(BigInteger.ONE.subtract(product).modInverse(P)).mod(P));
  }

  EdwardsPoint times(BigInteger factor) {
    EdwardsPoint sum = IDENTITY;
    for (int i = factor.bitLength() - 1; i >= 0; i--) {
      sum = sum.plus(sum);
      if (factor.testBit(i)) {
        sum = sum.plus(this);
      }
    }
    return sum;
  }

  EdwardsPoint times(long factor) {
    return times(BigInteger.valueOf(factor));
  }

  /** A point of order exactly 8. */
  static final EdwardsPoint TORSION = torsion();

  private static EdwardsPoint torsion() {
    for (long y = 2; ; y++) {
      Optional<EdwardsPoint> point = withY(BigInteger.valueOf(y), false).map(p -> p.times(L));
      if (point.isPresent() && !point.get().times(4).equals(IDENTITY)) {
        return point.get();
      }
    }
  }

  /** The eight points of small order. */
  static List<EdwardsPoint> smallOrder() {
    List<EdwardsPoint> points = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      points.add(TORSION.times(i));
    }
    return points;
  }

  byte[] encoded() {
    return encoding(y, x.testBit(0));
  }

  /** Any 255-bit y, canonical or not, and any sign. */
  static byte[] encoding(BigInteger y, boolean oddX) {
    byte[] bytes = littleEndian(y);
    bytes[31] |= (byte) (oddX ? 0x80 : 0);
    return bytes;
  }

  static byte[] littleEndian(BigInteger value) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < 256; i++) {
      bytes[i / 8] |= (byte) (value.testBit(i) ? 1 << (i % 8) : 0);
    }
    return bytes;
  }

  static BigInteger number(byte[] littleEndian) {
    BigInteger value = BigInteger.ZERO;
    for (int i = littleEndian.length - 1; i >= 0; i--) {
      value = value.shiftLeft(8).or(BigInteger.valueOf(littleEndian[i] & 0xff));
    }
    return value;
  }

  /** The k of RFC 8032, §5.1.7: SHA-512(R ‖ A ‖ M) mod L. */
  static BigInteger challenge(byte[] r, byte[] a, byte[] message) {
    return number(sha512(r, a, message)).mod(L);
  }

  /** The secret scalar of a seed (RFC 8032, §5.1.5). */
  static BigInteger scalar(byte[] seed) {
    byte[] half = Arrays.copyOf(sha512(seed), 32);
    half[0] &= (byte) 0xf8;
    half[31] = (byte) ((half[31] & 0x7f) | 0x40);
    return number(half);
  }

  private static byte[] sha512(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
