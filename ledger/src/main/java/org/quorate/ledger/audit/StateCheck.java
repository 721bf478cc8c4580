package org.quorate.ledger.audit;

import java.util.Arrays;
import java.util.Optional;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.state.StateEntry;
import org.quorate.ledger.state.StateRoot;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/** The state of a store against the root that it must have, where it cannot be executed again. */
final class StateCheck {
  private StateCheck() {}

  /**
   * Each entry lies at the path of its key, and all of them have the root.
   *
   * @param last the result of the last block
   * @return how many entries there are
   */
  static long check(StoreReader store, Checkpoint last, Pace pace)
      throws DamagedException, StoppedException {
    StateRoot root = new StateRoot();
    long count = 0;
    for (Entries entries = new Entries(store, Table.STATE.key()); entries.hasNext(); ) {
      Entry entry = entries.next();
      pace.at(entry.key());
      StateEntry value = decoded(entry);
      Digest path = StateEntry.path(value.key());
      if (!Arrays.equals(entry.key(), Table.STATE.key(path.bytes()))) {
        throw new DamagedException(
            Damage.of(entry.key(), "the state has here the key of another place, " + path));
      }
      root.add(path, value);
      count++;
    }
    Digest found = root.root();
    if (!found.equals(last.stateRoot())) {
      throw new DamagedException(
          new Damage(
              Optional.of(last.height()),
              Optional.empty(),
              "the state has the root %s, but the result of the last block has %s"
                  .formatted(found, last.stateRoot())));
    }
    return count;
  }

  private static StateEntry decoded(Entry entry) throws DamagedException {
    try {
      return Decoder.decode(entry.value(), StateEntry::decode);
    } catch (MalformedException e) {
      throw new DamagedException(Damage.of(entry.key(), "malformed, " + e.getMessage()));
    }
  }
}
