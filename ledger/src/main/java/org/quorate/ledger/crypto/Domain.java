package org.quorate.ledger.crypto;

import java.nio.charset.StandardCharsets;

/**
 * A domain of hashing and signing. Whatever is hashed or signed is first put behind {@code
 * "quorate/<type>/v1\0" ‖ chainHash}, so that bytes of one type or chain never pass for those of
 * another.
 */
public final class Domain {
  private final byte[] prefix;

  private Domain(byte[] prefix) {
    this.prefix = prefix;
  }

  /**
   * The domain of a type, such as {@code "block"}; the type is lower-case ASCII letters and
   * hyphens.
   */
  public static Domain of(String type) {
    return new Domain(("quorate/" + type + "/v1\0").getBytes(StandardCharsets.US_ASCII));
  }

  /** The bytes that are signed or hashed: {@code prefix ‖ chainHash ‖ body}. */
  public byte[] frame(Digest chainHash, byte[] body) {
    byte[] framed = new byte[prefix.length + Digest.BYTES + body.length];
    System.arraycopy(prefix, 0, framed, 0, prefix.length);
    System.arraycopy(chainHash.raw(), 0, framed, prefix.length, Digest.BYTES);
    System.arraycopy(body, 0, framed, prefix.length + Digest.BYTES, body.length);
    return framed;
  }

  /** SHA-256 over {@link #frame}. */
  public Digest hash(Digest chainHash, byte[] body) {
    return Digest.sha256(prefix, chainHash.raw(), body);
  }

  /** SHA-256 over the prefix and the body alone: for what defines a chain and so cannot name it. */
  public Digest hash(byte[] body) {
    return Digest.sha256(prefix, body);
  }
}
