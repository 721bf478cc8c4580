package org.quorate.ledger.store;

import java.util.Optional;

/** Reads of a store by key. */
@FunctionalInterface
public interface KeyReader {
  /**
   * The value at {@code key}, a copy.
   *
   * @throws StorageException if the store cannot be read or is closed
   */
  Optional<byte[]> get(byte[] key);
}
