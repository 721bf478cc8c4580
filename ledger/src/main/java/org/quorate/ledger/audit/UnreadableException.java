package org.quorate.ledger.audit;

import org.quorate.ledger.store.StorageException;

/** The audited store cannot be read: damage, where the same of the scratch store is none. */
final class UnreadableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableException(StorageException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
