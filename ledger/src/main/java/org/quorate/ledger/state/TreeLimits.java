package org.quorate.ledger.state;

/**
 * What the index of the state may take.
 *
 * @param memoryBytesMax about how much memory, but at least what a block changes, the levels above
 *     the pages (up to 14 MB), and those pages that were changed and are not written yet, without
 *     their buckets: with a large state up to ten bytes for each key
 * @param changesMax how many changes of the state may wait until its pages are written: as many are
 *     looked up again when it is opened, each in some tens of microseconds
 * @param blocksMax the same in blocks
 */
public record TreeLimits(long memoryBytesMax, int changesMax, int blocksMax) {
  /** All of it in memory for two million keys; opened in some seconds. */
  public static final TreeLimits DEFAULTS = new TreeLimits(192L << 20, 131_072, 1_024);

  /** The same with another bound for the memory. */
  public TreeLimits withMemoryBytesMax(long bytes) {
    return new TreeLimits(bytes, changesMax, blocksMax);
  }
}
