package org.quorate.ledger.audit;

import java.util.Optional;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.state.StateEntry;

/**
 * A place of the state at which two stores do not have the same.
 *
 * @param key of the store: the letter of the table and the path
 * @param one the entry of the first store, if it has one
 * @param two the entry of the second
 */
public record StateDifference(ByteString key, Optional<ByteString> one, Optional<ByteString> two) {
  static StateDifference of(Optional<Entry> one, Optional<Entry> two) {
    Entry some = one.or(() -> two).orElseThrow();
    return new StateDifference(
        ByteString.of(some.key()),
        one.map(entry -> ByteString.of(entry.value())),
        two.map(entry -> ByteString.of(entry.value())));
  }

  /** The namespaced key whose value it is, if either of the entries can be read. */
  public Optional<ByteString> namespacedKey() {
    return one.flatMap(StateDifference::decoded)
        .or(() -> two.flatMap(StateDifference::decoded))
        .map(StateEntry::key);
  }

  /** The value in the first store; empty if there is none, or none that can be read. */
  public Optional<ByteString> valueOfOne() {
    return one.flatMap(StateDifference::decoded).map(StateEntry::value);
  }

  /** The value in the second store. */
  public Optional<ByteString> valueOfTwo() {
    return two.flatMap(StateDifference::decoded).map(StateEntry::value);
  }

  private static Optional<StateEntry> decoded(ByteString entry) {
    try {
      return Optional.of(Decoder.decode(entry.bytes(), StateEntry::decode));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
