package org.quorate.ledger.crypto;

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

  /** Appends the 32 bytes of a digest. */
  public Hasher add(Digest digest) {
    sha256.update(digest.raw());
    return this;
  }

  /** The digest of what was appended since the last one. */
  public Digest digest() {
    return Digest.own(sha256.digest());
  }
}
