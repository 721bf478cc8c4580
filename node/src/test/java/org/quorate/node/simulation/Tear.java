package org.quorate.node.simulation;

import java.util.SplittableRandom;

/** What a crash leaves of what was written and not synced. */
enum Tear {
  /** Any of what follows, each time. */
  BY_CHANCE,
  NOTHING_KEPT,
  /** Each sector for itself; of renames and batches the first few. */
  SECTORS_KEPT,
  ALL_KEPT;

  /** How many of so many changes, which happen in order, are there afterwards. */
  int kept(int changes, SplittableRandom random) {
    return switch (this) {
      case NOTHING_KEPT -> 0;
      case ALL_KEPT -> changes;
      case SECTORS_KEPT, BY_CHANCE -> random.nextInt(changes + 1);
    };
  }

  /** Which sectors: 0 none, 1 all, 2 the first few, 3 any. */
  int sectors(SplittableRandom random) {
    return switch (this) {
      case NOTHING_KEPT -> 0;
      case ALL_KEPT -> 1;
      case SECTORS_KEPT -> 3;
      case BY_CHANCE -> random.nextInt(4);
    };
  }
}
