package org.quorate.ledger.store;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A store in memory, for tests and simulations: everything is gone with the object. A snapshot
 * costs nothing until the next write, which copies the map.
 */
public final class MemoryStore implements KeyValueStore {
  private NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
  private boolean shared;
  private boolean closed;

  @Override
  public synchronized Optional<byte[]> get(byte[] key) {
    return get(current(), key);
  }

  @Override
  public void scan(byte[] prefix, byte[] from, Visitor visitor) {
    try (StoreSnapshot snapshot = snapshot()) {
      snapshot.scan(prefix, from, visitor);
    }
  }

  @Override
  public synchronized StoreSnapshot snapshot() {
    shared = true;
    return new Frozen(current());
  }

  @Override
  public synchronized void write(Batch batch, boolean sync) {
    NavigableMap<byte[], byte[]> map = current();
    if (shared) {
      entries = map = new TreeMap<>(map);
      shared = false;
    }
    for (Batch.Change change : batch.changes()) {
      byte[] value = change.value;
      if (value == null) {
        map.remove(change.key);
      } else {
        map.put(change.key.clone(), value.clone());
      }
    }
  }

  /** What takes {@code batch} back, if it is what is written next: for simulations of crashes. */
  public synchronized Batch inverse(Batch batch) {
    Batch inverse = new Batch();
    for (Batch.Change change : batch.changes()) {
      byte[] before = current().get(change.key);
      if (before == null) {
        inverse.delete(change.key);
      } else {
        inverse.put(change.key, before);
      }
    }
    return inverse;
  }

  @Override
  public void compact(byte[] from, byte[] to) {}

  @Override
  public synchronized void close() {
    closed = true;
  }

  private NavigableMap<byte[], byte[]> current() {
    if (closed) {
      throw new StorageException("the store is closed");
    }
    return entries;
  }

  private static Optional<byte[]> get(Map<byte[], byte[]> map, byte[] key) {
    return Optional.ofNullable(map.get(key)).map(byte[]::clone);
  }

  private record Frozen(NavigableMap<byte[], byte[]> entries) implements StoreSnapshot {
    @Override
    public Optional<byte[]> get(byte[] key) {
      return MemoryStore.get(entries, key);
    }

    @Override
    public void scan(byte[] prefix, byte[] from, Visitor visitor) {
      for (Map.Entry<byte[], byte[]> entry : entries.tailMap(from, true).entrySet()) {
        byte[] key = entry.getKey();
        if (!Prefix.of(prefix, key) || !visitor.visit(key.clone(), entry.getValue().clone())) {
          return;
        }
      }
    }

    @Override
    public void close() {}
  }
}
