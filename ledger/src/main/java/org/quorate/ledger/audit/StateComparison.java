package org.quorate.ledger.audit;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * Two states side by side, one pass through both in the order of their paths.
 *
 * <p>Owned by one thread; neither store is written meanwhile.
 */
final class StateComparison {
  private final Entries ones;
  private final Entries twos;
  private @Nullable Entry one;
  private @Nullable Entry two;
  private long entries;

  StateComparison(StoreReader first, StoreReader second) {
    this.ones = new Entries(first, Table.STATE.key());
    this.twos = new Entries(second, Table.STATE.key());
    this.one = next(ones);
    this.two = next(twos);
  }

  /** How many entries of the first state were passed. */
  long entries() {
    return entries;
  }

  /** The next place at which they differ; empty at the end of both. */
  Optional<StateDifference> next(Pace pace) throws StoppedException {
    while (one != null || two != null) {
      Entry left = one;
      Entry right = two;
      int order = order(left, right);
      Optional<Entry> ofOne = order <= 0 ? Optional.ofNullable(left) : Optional.empty();
      Optional<Entry> ofTwo = order >= 0 ? Optional.ofNullable(right) : Optional.empty();
      if (ofOne.isPresent()) {
        entries++;
        pace.at(ofOne.get().key());
        one = next(ones);
      }
      if (ofTwo.isPresent()) {
        two = next(twos);
      }
      if (ofOne.isEmpty() || ofTwo.isEmpty() || !ofOne.get().equalTo(ofTwo.get())) {
        return Optional.of(StateDifference.of(ofOne, ofTwo));
      }
    }
    return Optional.empty();
  }

  private static int order(@Nullable Entry left, @Nullable Entry right) {
    if (left == null || right == null) {
      return left == null ? 1 : -1;
    }
    return Arrays.compareUnsigned(left.key(), right.key());
  }

  private static @Nullable Entry next(Entries entries) {
    return entries.hasNext() ? entries.next() : null;
  }
}
