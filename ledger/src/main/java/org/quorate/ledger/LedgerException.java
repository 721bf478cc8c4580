package org.quorate.ledger;

/** A store that cannot serve as this chain's ledger; the message says why, for the operator. */
public final class LedgerException extends Exception {
  private static final long serialVersionUID = 1L;

  public LedgerException(String message) {
    super(message);
  }

  public LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
