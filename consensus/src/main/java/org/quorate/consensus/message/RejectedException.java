package org.quorate.consensus.message;

/** A message that is not to reach the replica. */
public final class RejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why, for the metrics; the message says it to people. */
  public enum Reason {
    MALFORMED,
    FOREIGN_SIGNER,
    BAD_SIGNATURE,
    BAD_CERTIFICATE,
    BAD_SIZE,
    BAD_TRANSACTION
  }

  RejectedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
