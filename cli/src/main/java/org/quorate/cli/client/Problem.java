package org.quorate.cli.client;

/**
 * A node's refusal, as RFC 9457 writes it ({@code application/problem+json}).
 *
 * @param slug the last part of the type {@code urn:quorate:problem:<slug>}, such as {@code
 *     "nonce-repeated"}; empty if the type is another one
 * @param status the HTTP status, 400 to 599
 * @param detail for people; may be empty
 */
public record Problem(String slug, String title, int status, String detail) {
  /** What the slug stands behind. */
  static final String TYPE_PREFIX = "urn:quorate:problem:";

  /** Whether the node only has too much to do, so that the same bytes may pass a moment later. */
  public boolean isLoad() {
    return status == 429 || status == 503;
  }

  /** Whether the node does not have what it was asked for. */
  public boolean isNotFound() {
    return slug.equals("not-found");
  }

  /** Whether the node knows of it, but cannot answer yet. */
  public boolean isPending() {
    return slug.equals("still-pending");
  }

  /** Whether the node is of another chain than the transaction. */
  public boolean isOtherChain() {
    return slug.equals("wrong-chain");
  }

  /** Whether the nonce was used by another transaction, or is too far back to tell. */
  public boolean isStaleNonce() {
    return slug.equals("nonce-repeated") || slug.equals("nonce-too-old");
  }

  @Override
  public String toString() {
    return title + (detail.isEmpty() ? "" : ": " + detail) + " (" + status + ")";
  }
}
