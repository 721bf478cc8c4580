package org.quorate.ledger.crypto;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 private key: the 32-byte seed of RFC 8032, §5.1.5. Signing is deterministic. The seed
 * is never printed; {@link #toString} names the public key.
 */
public final class SigningKey {
  /** Length of the seed in bytes. */
  public static final int SEED_BYTES = 32;

  private final byte[] seed;
  private final PublicKey publicKey;

  private SigningKey(byte[] seed) {
    this.seed = seed;
    byte[] encoded = new byte[PublicKey.BYTES];
    Ed25519.generatePublicKey(seed, 0, encoded, 0);
    this.publicKey = PublicKey.of(encoded);
  }

  /**
   * The key of a seed.
   *
   * @throws IllegalArgumentException if it has not exactly 32 bytes
   */
  public static SigningKey ofSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("a private key's seed has 32 bytes, not " + seed.length);
    }
    return new SigningKey(seed.clone());
  }

  /** A new key from the operating system's randomness. */
  public static SigningKey generate() {
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    return new SigningKey(seed);
  }

  /** The public key that verifies what this key signs. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** A copy of the seed: the secret itself, for a key file and nothing else. */
  public byte[] seed() {
    return seed.clone();
  }

  /** Signs {@code message}. */
  public Signature sign(byte[] message) {
    byte[] signature = new byte[Signature.BYTES];
    Ed25519.sign(seed, 0, publicKey.bytes(), 0, null, message, 0, message.length, signature, 0);
    return Signature.of(signature);
  }

  @Override
  public String toString() {
    return "signing key of " + publicKey;
  }
}
