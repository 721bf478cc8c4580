package org.quorate.ledger.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A SHA-256 digest: 32 bytes (FIPS 180-4). Ordered as unsigned bytes, printed as 64 lower-case hex
 * digits.
 *
 * <p>SHA-256 is the JDK's, which the JIT replaces by the processor's own instructions.
 */
public final class Digest implements Comparable<Digest> {
  /** Length in bytes. */
  public static final int BYTES = 32;

  /** Thirty-two zero bytes: the parent of the genesis block and the root of an empty state tree. */
  public static final Digest ZERO = new Digest(new byte[BYTES]);

  /** To look the algorithm up each time costs as much as to hash a small message with it. */
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(Digest::newSha256);

  private final byte[] bytes;

  private Digest(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes a copy of 32 bytes that already are a digest.
   *
   * @throws IllegalArgumentException if there are not exactly 32
   */
  public static Digest of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + bytes.length);
    }
    return new Digest(bytes.clone());
  }

  /**
   * Parses 64 lower-case hex digits.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Digest fromHex(String hex) {
    return of(Hex.decode(hex, BYTES));
  }

  /** The SHA-256 digest of the concatenation of {@code parts}. */
  public static Digest sha256(byte[]... parts) {
    MessageDigest sha256 = SHA256.get();
    sha256.reset();
    for (byte[] part : parts) {
      sha256.update(part);
    }
    return new Digest(sha256.digest());
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Takes 32 bytes that nobody else holds. */
  static Digest own(byte[] bytes) {
    return new Digest(bytes);
  }

  byte[] raw() {
    return bytes;
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** 64 lower-case hex digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  /** The 4 bits at place {@code index}, 0 to 63, the high half of the first byte being 0. */
  public int nibble(int index) {
    return bytes[index >>> 1] >>> ((index & 1) == 0 ? 4 : 0) & 0xf;
  }

  @Override
  public int compareTo(Digest other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest digest && Arrays.equals(bytes, digest.bytes);
  }

  /** Four bytes of a digest are as good a hash as any. */
  @Override
  public int hashCode() {
    return bytes[0] << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
  }

  @Override
  public String toString() {
    return hex();
  }
}
