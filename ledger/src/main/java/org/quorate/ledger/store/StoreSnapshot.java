package org.quorate.ledger.store;

/** One moment of a store. Any thread may read it, and one close it when none does any more. */
public interface StoreSnapshot extends StoreReader, AutoCloseable {
  @Override
  void close();
}
