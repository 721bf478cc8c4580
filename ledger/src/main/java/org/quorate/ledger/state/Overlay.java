package org.quorate.ledger.state;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.quorate.ledger.codec.ByteString;

/** Writes that lie over something else, until they are kept or dropped. Owned by one thread. */
final class Overlay {
  private final TreeMap<ByteString, Optional<ByteString>> writes = new TreeMap<>();
  private final Function<ByteString, Optional<ByteString>> below;

  Overlay(Function<ByteString, Optional<ByteString>> below) {
    this.below = below;
  }

  Optional<ByteString> get(ByteString key) {
    Optional<ByteString> written = writes.get(key);
    return written != null ? written : below.apply(key);
  }

  void put(ByteString key, ByteString value) {
    writes.put(key, Optional.of(value));
  }

  void delete(ByteString key) {
    writes.put(key, Optional.empty());
  }

  /** Takes over the writes of an overlay on this one. */
  void keep(Overlay above) {
    writes.putAll(above.writes);
  }

  /** All writes, in order of keys: the value, or none if the key was removed. */
  Map<ByteString, Optional<ByteString>> writes() {
    return writes;
  }
}
