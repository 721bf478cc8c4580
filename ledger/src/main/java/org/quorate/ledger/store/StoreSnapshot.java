package org.quorate.ledger.store;

/** One moment of a store. Owned by one thread. */
public interface StoreSnapshot extends StoreReader, AutoCloseable {
  @Override
  void close();
}
