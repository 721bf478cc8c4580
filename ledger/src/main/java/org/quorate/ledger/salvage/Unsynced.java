package org.quorate.ledger.salvage;

import java.util.Optional;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StoreSnapshot;

/** A store that is begun anew after a crash, so that nothing need be on the disk before the end. */
record Unsynced(KeyValueStore store) implements KeyValueStore {
  @Override
  public Optional<byte[]> get(byte[] key) {
    return store.get(key);
  }

  @Override
  public void scan(byte[] prefix, byte[] from, Visitor visitor) {
    store.scan(prefix, from, visitor);
  }

  @Override
  public StoreSnapshot snapshot() {
    return store.snapshot();
  }

  @Override
  public void write(Batch batch, boolean sync) {
    store.write(batch, false);
  }

  @Override
  public void compact(byte[] from, byte[] to) {
    store.compact(from, to);
  }

  @Override
  public void close() {
    store.close();
  }
}
