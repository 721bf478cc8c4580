package org.quorate.ledger.codec;

/**
 * Bytes that are not the canonical encoding of the value they claim to be; the message says where
 * and why.
 */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }

  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
