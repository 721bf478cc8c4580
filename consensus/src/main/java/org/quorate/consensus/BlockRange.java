package org.quorate.consensus;

/** Heights of final blocks from {@code from} to {@code to}, both included. */
record BlockRange(long from, long to) {
  BlockRange {
    if (from < 1 || to < from) {
      throw new IllegalArgumentException("no range of blocks: " + from + " to " + to);
    }
  }

  boolean contains(long height) {
    return height >= from && height <= to;
  }
}
