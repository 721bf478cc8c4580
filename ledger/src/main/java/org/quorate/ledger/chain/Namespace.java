package org.quorate.ledger.chain;

import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;

/**
 * A part of the world state. A namespaced key is the namespace's byte and the key; so no
 * transaction can reach what the ledger keeps for itself.
 */
public enum Namespace {
  /** Keys of transactions. */
  APPLICATION(0),
  /** Public keys of clients; values are their replay windows. */
  REPLAY_WINDOWS(1);

  private final byte code;

  Namespace(int code) {
    this.code = (byte) code;
  }

  /** The namespaced key. */
  public ByteString key(byte[] key) {
    byte[] namespaced = new byte[1 + key.length];
    namespaced[0] = code;
    System.arraycopy(key, 0, namespaced, 1, key.length);
    return ByteString.of(namespaced);
  }

  /** Where the state tree has the leaf of {@code key}: the SHA-256 digest of the namespaced key. */
  public Digest path(ByteString key) {
    return Digest.sha256(new byte[] {code}, key.bytes());
  }
}
