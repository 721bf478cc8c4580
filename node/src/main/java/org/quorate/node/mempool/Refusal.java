package org.quorate.node.mempool;

/** Why a submitted transaction is not taken. */
public enum Refusal {
  /** The bytes are not the canonical encoding of a transaction. */
  MALFORMED,
  /** It is larger than the chain allows. */
  TOO_LARGE,
  /** It was signed for another chain. */
  WRONG_CHAIN,
  /** No client of the chain has its key. */
  UNKNOWN_CLIENT,
  /** It writes a key that its client may not write. */
  FORBIDDEN_PREFIX,
  /** The signature is not that of its client over its body. */
  BAD_SIGNATURE,
  /** Another transaction of the client, executed or pending, bears its nonce. */
  NONCE_REPEATED,
  /** The nonce lies below the client's replay window. */
  NONCE_TOO_OLD,
  /** The client has as many transactions pending as it may. */
  CLIENT_QUOTA,
  /** The node has as many transactions pending, or to check, as it can hold. */
  FULL
}
