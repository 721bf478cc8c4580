package org.quorate.ledger.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are written together; of two for one key the later counts. Takes no copies of the
 * arrays it is given, which must not be changed afterwards. Owned by one thread.
 */
public final class Batch {
  private final List<Change> changes = new ArrayList<>();

  /** A value to set, or none to remove the key. */
  static final class Change {
    final byte[] key;
    final byte @Nullable [] value;

    Change(byte[] key, byte @Nullable [] value) {
      this.key = key;
      this.value = value;
    }
  }

  /** Sets {@code key} to {@code value}. */
  public Batch put(byte[] key, byte[] value) {
    changes.add(new Change(key, value));
    return this;
  }

  /** Removes {@code key}, if it is there. */
  public Batch delete(byte[] key) {
    changes.add(new Change(key, null));
    return this;
  }

  /** Number of changes. */
  public int size() {
    return changes.size();
  }

  List<Change> changes() {
    return changes;
  }
}
