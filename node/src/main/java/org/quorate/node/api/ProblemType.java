package org.quorate.node.api;

import org.quorate.node.mempool.Refusal;

/**
 * Every error that the API answers with (RFC 9457). The slug is what programs go by; the README
 * lists them.
 */
enum ProblemType {
  MALFORMED_REQUEST("malformed-request", 400, "The request is not well-formed HTTP"),
  MALFORMED_JSON("malformed-json", 400, "The body is not the JSON that is expected"),
  UNKNOWN_FIELD("unknown-field", 400, "The body has a field that is not known"),
  MISSING_FIELD("missing-field", 400, "The body lacks a field"),
  MALFORMED_HEX("malformed-hex", 400, "A value is not lower-case hex"),
  MALFORMED_PARAMETER("malformed-parameter", 400, "A part of the path or query is not valid"),
  MALFORMED_TRANSACTION("malformed-transaction", 400, "The bytes are not a transaction"),
  WRONG_CHAIN("wrong-chain", 400, "The transaction is for another chain"),
  BAD_SIGNATURE("bad-signature", 400, "The signature is not valid"),
  UNKNOWN_CLIENT("unknown-client", 403, "The client is not one of the chain"),
  FORBIDDEN_PREFIX("forbidden-prefix", 403, "The client may not write this key"),
  NOT_FOUND("not-found", 404, "There is no such thing"),
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "The method is not allowed here"),
  REQUEST_TIMEOUT("request-timeout", 408, "The request took too long to arrive"),
  NONCE_REPEATED("nonce-repeated", 409, "The nonce was used by another transaction"),
  NONCE_TOO_OLD("nonce-too-old", 409, "The nonce is below the client's window"),
  GONE("gone", 410, "The node does not keep this"),
  BODY_TOO_LARGE("body-too-large", 413, "The body is too large"),
  TRANSACTION_TOO_LARGE("transaction-too-large", 413, "The transaction is too large"),
  REQUEST_LINE_TOO_LONG("request-line-too-long", 414, "The request line is too long"),
  UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "The body must be plain JSON"),
  CLIENT_QUOTA("client-quota", 429, "The client has too many transactions pending"),
  HEADERS_TOO_LARGE("headers-too-large", 431, "The request's headers are too large"),
  INTERNAL("internal", 500, "The node has a fault"),
  MEMPOOL_FULL("mempool-full", 503, "The node has too many transactions pending"),
  DAMAGED("damaged", 503, "The node cannot read this"),
  OVERLOADED("overloaded", 503, "The node has too much to do"),
  NOT_READY("not-ready", 503, "The node is not ready"),
  STILL_PENDING("still-pending", 504, "The transaction is not there yet");

  private static final String PREFIX = "urn:quorate:problem:";

  private final String slug;
  private final int status;
  private final String title;

  ProblemType(String slug, int status, String title) {
    this.slug = slug;
    this.status = status;
    this.title = title;
  }

  String slug() {
    return slug;
  }

  String urn() {
    return PREFIX + slug;
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  /** Whether the same request may succeed a second later. */
  boolean isLoad() {
    return status == 429 || (status == 503 && this != DAMAGED);
  }

  static ProblemType of(Refusal refusal) {
    return switch (refusal) {
      case MALFORMED -> MALFORMED_TRANSACTION;
      case TOO_LARGE -> TRANSACTION_TOO_LARGE;
      case WRONG_CHAIN -> WRONG_CHAIN;
      case UNKNOWN_CLIENT -> UNKNOWN_CLIENT;
      case FORBIDDEN_PREFIX -> FORBIDDEN_PREFIX;
      case BAD_SIGNATURE -> BAD_SIGNATURE;
      case NONCE_REPEATED -> NONCE_REPEATED;
      case NONCE_TOO_OLD -> NONCE_TOO_OLD;
      case CLIENT_QUOTA -> CLIENT_QUOTA;
      case FULL -> MEMPOOL_FULL;
    };
  }
}
