package org.quorate.ledger.crypto;

import java.util.Arrays;

/**
 * An Ed25519 signature: 64 bytes, R then S (RFC 8032, §5.1.6). Holding one says nothing about
 * whether it is valid.
 */
public final class Signature {
  /** Length in bytes. */
  public static final int BYTES = 64;

  private final byte[] bytes;

  private Signature(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes a copy of 64 bytes.
   *
   * @throws IllegalArgumentException if there are not exactly 64
   */
  public static Signature of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a signature has 64 bytes, not " + bytes.length);
    }
    return new Signature(bytes.clone());
  }

  byte[] raw() {
    return bytes;
  }

  /** A copy of the 64 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** 128 lower-case hex digits. */
  public String hex() {
    return Hex.encode(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature signature && Arrays.equals(bytes, signature.bytes);
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
