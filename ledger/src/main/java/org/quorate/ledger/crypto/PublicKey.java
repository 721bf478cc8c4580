package org.quorate.ledger.crypto;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 public key (RFC 8032, §5.1.5): 32 bytes. Any 32 bytes can be held; whether they are a
 * key that may sign is told by {@link #isValid}, and a key that is not valid verifies nothing.
 *
 * <p>The curve point is decoded once, on first use, and kept: decoding costs as much as a quarter
 * of a verification. So verify with the instance that lives in the genesis, not with the one just
 * read from a message.
 */
public final class PublicKey implements Comparable<PublicKey> {
  /** Length in bytes. */
  public static final int BYTES = 32;

  private final byte[] bytes;

  /**
   * Immutable once made, and equal whichever thread made it; a racing second decoding does no harm.
   */
  private volatile Ed25519.@Nullable PublicPoint point;

  private PublicKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes a copy of 32 bytes.
   *
   * @throws IllegalArgumentException if there are not exactly 32
   */
  public static PublicKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a public key has 32 bytes, not " + bytes.length);
    }
    return new PublicKey(bytes.clone());
  }

  /**
   * Parses 64 lower-case hex digits.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static PublicKey fromHex(String hex) {
    return of(Hex.decode(hex, BYTES));
  }

  /** Whether the bytes are the canonical encoding of a curve point that is not of small order. */
  public boolean isValid() {
    return point() != null;
  }

  Ed25519.@Nullable PublicPoint point() {
    Ed25519.PublicPoint decoded = point;
    if (decoded == null) {
      decoded = Ed25519.validatePublicKeyPartialExport(bytes, 0);
      point = decoded;
    }
    return decoded;
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** 64 lower-case hex digits. */
  public String hex() {
    return Hex.encode(bytes);
  }

  @Override
  public int compareTo(PublicKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
