package org.quorate.ledger.store;

/** What lies on the disk is not what was written there: no other try will read it. */
public final class DamageException extends StorageException {
  private static final long serialVersionUID = 1L;

  public DamageException(String message) {
    super(message);
  }

  public DamageException(String message, Throwable cause) {
    super(message, cause);
  }
}
