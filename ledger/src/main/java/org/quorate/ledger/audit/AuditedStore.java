package org.quorate.ledger.audit;

import java.util.Optional;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreReader;

/** The store under audit. What it cannot read is an {@link UnreadableException}. */
record AuditedStore(StoreReader store) implements StoreReader {
  @Override
  public Optional<byte[]> get(byte[] key) {
    try {
      return store.get(key);
    } catch (StorageException e) {
      throw new UnreadableException(e);
    }
  }

  @Override
  public void scan(byte[] prefix, byte[] from, Visitor visitor) {
    try {
      store.scan(prefix, from, visitor);
    } catch (StorageException e) {
      throw new UnreadableException(e);
    }
  }
}
