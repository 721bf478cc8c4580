package org.quorate.ledger;

import org.quorate.ledger.store.StorageException;

/** An entry that was lost when the ledger was salvaged, and that no peer has given back since. */
public final class LostException extends StorageException {
  private static final long serialVersionUID = 1L;

  LostException(String what) {
    super("the store is damaged: " + what + " was lost");
  }
}
