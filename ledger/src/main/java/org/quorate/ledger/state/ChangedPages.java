package org.quorate.ledger.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * Which pages of the state tree are behind the state. A page is written some blocks after it was
 * first changed, and once for all changes until then. Until all pages that a block changed are
 * written, the store remembers what it changed:
 *
 * <pre>
 * changed = for each leaf set or removed, in rising order and each once: fixed[4] the first bytes of its path
 * </pre>
 *
 * Owned by one thread.
 */
final class ChangedPages {
  private final TreeLimits limits;
  private final BitSet changed = new BitSet();
  private final ArrayDeque<Round> rounds = new ArrayDeque<>();
  private int changes;

  ChangedPages(TreeLimits limits) {
    this.limits = limits;
  }

  /**
   * A block's changes.
   *
   * @param pages those that were up to date before it
   */
  private record Round(long height, List<Integer> pages, int changes) {}

  /** Whether the page was changed and not written since. */
  boolean contains(int page) {
    return changed.get(page);
  }

  /** The page was written before its time: what the store remembers of its changes may stay. */
  void written(int page) {
    changed.clear(page);
  }

  /** Remembers the changes of a block, also in the store. */
  void add(long height, int[] beginnings, Batch batch) {
    Encoder out = new Encoder();
    for (int beginning : beginnings) {
      out.u16(beginning >>> 16).u16(beginning & 0xffff);
    }
    batch.put(Table.CHANGED.key(height), out.toBytes());
    restore(height, beginnings);
  }

  /** As when the store remembered them. */
  void restore(long height, int[] beginnings) {
    List<Integer> pages = new ArrayList<>();
    for (int beginning : beginnings) {
      int page = beginning >>> 16;
      if (!changed.get(page)) {
        changed.set(page);
        pages.add(page);
      }
    }
    rounds.add(new Round(height, pages, beginnings.length));
    changes += beginnings.length;
  }

  /** The pages to write now, which count as written. */
  BitSet takeDue(Batch batch) {
    BitSet due = new BitSet();
    while (changes > limits.changesMax() || rounds.size() > limits.blocksMax()) {
      Round oldest = rounds.remove();
      changes -= oldest.changes();
      oldest.pages().forEach(due::set);
      batch.delete(Table.CHANGED.key(oldest.height()));
    }
    changed.andNot(due);
    return due;
  }

  /** Forgets everything, also in the store: all pages were written. */
  void clear(StoreReader store, Batch batch) {
    store.scan(
        Table.CHANGED.key(),
        (key, value) -> {
          batch.delete(key);
          return true;
        });
    rounds.clear();
    changed.clear();
    changes = 0;
  }

  /** The first four bytes of the changes' paths, in rising order, each once. */
  static int[] beginnings(List<Leaves.Change> changes) {
    return changes.stream().mapToInt(change -> change.path().beginning()).distinct().toArray();
  }

  /** Reads what {@link #add} wrote; empty if it is damaged. */
  static Optional<int[]> decode(byte[] bytes) {
    if (bytes.length % 4 != 0) {
      return Optional.empty();
    }
    int[] beginnings = new int[bytes.length / 4];
    for (int i = 0; i < beginnings.length; i++) {
      for (int k = 0; k < 4; k++) {
        beginnings[i] = beginnings[i] << 8 | (bytes[4 * i + k] & 0xff);
      }
    }
    return Optional.of(beginnings);
  }
}
