package org.quorate.ledger;

import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.state.StateView;
import org.quorate.ledger.store.StoreSnapshot;

/**
 * Holds the state after the last block whose result is proven, and after those above it, of which
 * one will be the next. Only so can the values of keys be proven while blocks go on executing: the
 * newest state has no certificate yet. Safe for use by any thread.
 */
final class ProvenStates {
  /** How many states may wait for their proof. */
  static final int WAITING_MAX = 8;

  /** How many changes of the state may lie between those: each keeps about a kilobyte in memory. */
  static final int CHANGES_MAX = 32_768;

  /** So many blocks behind, the proven state is given up: the store keeps all it had for it. */
  static final int BLOCKS_BEHIND_MAX = 1_024;

  private final TreeMap<Long, Held> waiting = new TreeMap<>();
  private @Nullable Held proven;

  /** A state and who uses it: its snapshot ends with the last of them. */
  private static final class Held {
    private final long height;
    private final StateView view;
    private final StoreSnapshot snapshot;
    private int users = 1;

    Held(long height, StateView view, StoreSnapshot snapshot) {
      this.height = height;
      this.view = view;
      this.snapshot = snapshot;
    }
  }

  /**
   * The state after the block at {@code height} is this; the snapshot is now its. Of too many that
   * wait the oldest stay, whose certificates come next, and this one, which is the last if no more
   * blocks come.
   */
  synchronized void executed(long height, StateView view, StoreSnapshot snapshot) {
    while (!waiting.isEmpty()
        && (waiting.size() >= WAITING_MAX || changesWaiting() + view.changes() > CHANGES_MAX)) {
      release(waiting.pollLastEntry().getValue());
    }
    waiting.put(height, new Held(height, view, snapshot));
    Held last = proven;
    if (last != null && height - last.height > BLOCKS_BEHIND_MAX) {
      proven = null;
      release(last);
    }
  }

  private long changesWaiting() {
    return waiting.values().stream().mapToLong(held -> held.view.changes()).sum();
  }

  /** The result of the block at {@code height} is proven. */
  synchronized void proven(long height) {
    Held next = waiting.remove(height);
    if (next == null) {
      return;
    }
    Held last = proven;
    proven = next;
    if (last != null) {
      release(last);
    }
    while (!waiting.isEmpty() && waiting.firstKey() < height) {
      release(waiting.pollFirstEntry().getValue());
    }
  }

  /** What {@code use} makes of the last proven state; empty if there is none. */
  <T> Optional<T> read(BiFunction<Long, StateView, T> use) {
    Held held;
    synchronized (this) {
      if (proven == null) {
        return Optional.empty();
      }
      held = proven;
      held.users++;
    }
    try {
      return Optional.of(use.apply(held.height, held.view));
    } finally {
      synchronized (this) {
        release(held);
      }
    }
  }

  private static void release(Held held) {
    held.users--;
    if (held.users == 0) {
      held.snapshot.close();
    }
  }
}
