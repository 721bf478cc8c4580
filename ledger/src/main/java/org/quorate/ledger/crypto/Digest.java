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

  /** As {@link #of(byte[])}, of the 32 bytes from {@code offset} on. */
  public static Digest of(byte[] bytes, int offset) {
    return new Digest(Arrays.copyOfRange(bytes, offset, offset + BYTES));
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

  /** Copies the 32 bytes to {@code target}. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, BYTES);
  }

  /** The first four bytes, as one big-endian integer. */
  public int beginning() {
    return (bytes[0] & 0xff) << 24
        | (bytes[1] & 0xff) << 16
        | (bytes[2] & 0xff) << 8
        | (bytes[3] & 0xff);
  }

  /** The bit at place {@code index}, 0 to 255, the top bit of the first byte being 0. */
  public boolean bit(int index) {
    return (bytes[index >>> 3] >>> (7 - (index & 7)) & 1) == 1;
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
    return beginning();
  }

  @Override
  public String toString() {
    return hex();
  }
}
