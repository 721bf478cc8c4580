package org.quorate.ledger.crypto;

import java.security.DigestException;
import java.security.MessageDigest;

/**
 * SHA-256 for whoever hashes often: one instance of the algorithm, used again and again. Owned by
 * one thread.
 */
public final class Hasher {
  private final MessageDigest sha256 = Digest.newSha256();

  /** Appends one byte. */
  public Hasher add(int value) {
    sha256.update((byte) value);
    return this;
  }

  /** Appends the bytes. */
  public Hasher add(byte[] bytes) {
    sha256.update(bytes);
    return this;
  }

  /** Appends {@code length} of the bytes, from {@code offset} on. */
  public Hasher add(byte[] bytes, int offset, int length) {
    sha256.update(bytes, offset, length);
    return this;
  }

  /** Appends the 32 bytes of a digest. */
  public Hasher add(Digest digest) {
    sha256.update(digest.raw());
    return this;
  }

  /** The digest of what was appended since the last one. */
  public Digest digest() {
    return Digest.own(sha256.digest());
  }

  /**
   * Writes the 32 bytes of the digest of what was appended since the last one to {@code target}.
   */
  public void digest(byte[] target, int offset) {
    try {
      sha256.digest(target, offset, Digest.BYTES);
    } catch (DigestException e) {
      throw new IllegalArgumentException("a digest has 32 bytes", e);
    }
  }
}
