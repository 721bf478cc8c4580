package org.quorate.ledger.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.quorate.ledger.store.StoreReader;

/**
 * The entries of a store whose keys begin with a prefix, one after the other, read by pages so that
 * two stores can be gone through side by side. Owned by one thread; the store is not written
 * meanwhile.
 */
final class Entries implements Iterator<Entry> {
  private static final int PAGE_ENTRIES_MAX = 1_024;
  private static final int PAGE_BYTES_MAX = 4 << 20;

  private final StoreReader store;
  private final byte[] prefix;
  private byte[] from;
  private List<Entry> page = List.of();
  private int next;
  private boolean last;

  Entries(StoreReader store, byte[] prefix) {
    this(store, prefix, prefix);
  }

  /** Those from the key {@code from} on, which begins with {@code prefix}. */
  Entries(StoreReader store, byte[] prefix, byte[] from) {
    this.store = store;
    this.prefix = prefix;
    this.from = from;
  }

  /**
   * The first entries with keys from {@code from} on.
   *
   * @param entriesMax at most so many
   * @param bytesMax no more once their values have so many bytes
   */
  static List<Entry> page(
      StoreReader store, byte[] prefix, byte[] from, int entriesMax, long bytesMax) {
    List<Entry> page = new ArrayList<>();
    long[] bytes = {0};
    store.scan(
        prefix,
        from,
        (key, value) -> {
          page.add(new Entry(key, value));
          bytes[0] += value.length;
          return page.size() < entriesMax && bytes[0] < bytesMax;
        });
    return page;
  }

  /** The smallest key above {@code key}. */
  static byte[] after(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  @Override
  public boolean hasNext() {
    if (next == page.size() && !last) {
      page = page(store, prefix, from, PAGE_ENTRIES_MAX, PAGE_BYTES_MAX);
      next = 0;
      last = page.isEmpty();
      if (!last) {
        from = after(page.get(page.size() - 1).key());
      }
    }
    return next < page.size();
  }

  @Override
  public Entry next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.get(next++);
  }
}
