package org.quorate.consensus;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;

/** Final blocks that have come and wait for those below them. */
final class HeldBlocks {
  private final TreeMap<Long, Item> items = new TreeMap<>();
  private long bytes;

  void add(Item item) {
    if (items.putIfAbsent(item.block().block().height(), item) == null) {
      bytes += bytes(item);
    }
  }

  boolean contains(long height) {
    return items.containsKey(height);
  }

  /** The height of the next block above {@code height}. */
  OptionalLong nextAbove(long height) {
    @Nullable Long next = items.higherKey(height);
    return next == null ? OptionalLong.empty() : OptionalLong.of(next);
  }

  /** Takes out the lowest block, if it is not above {@code height}. */
  Optional<Item> takeUpTo(long height) {
    Map.@Nullable Entry<Long, Item> lowest = items.firstEntry();
    if (lowest == null || lowest.getKey() > height) {
      return Optional.empty();
    }
    items.pollFirstEntry();
    bytes -= bytes(lowest.getValue());
    return Optional.of(lowest.getValue());
  }

  /** Bytes of the transactions that are held. */
  long bytes() {
    return bytes;
  }

  static long bytes(Item item) {
    return item.block().block().transactionBytes();
  }
}
