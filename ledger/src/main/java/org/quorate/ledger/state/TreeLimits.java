package org.quorate.ledger.state;

/**
 * What the index of the state may take.
 *
 * @param memoryBytesMax about how much memory, but at least what a block changes and the levels
 *     above the pages (up to 14 MB). A state of which more than the levels of its pages, some
 *     twenty bytes for each key, does not fit, costs several times as much to change
 * @param changesMax how many changes of the state may wait until its pages are written: as many are
 *     looked up again when it is opened, each in some tens of microseconds
 * @param blocksMax the same in blocks
 */
public record TreeLimits(long memoryBytesMax, int changesMax, int blocksMax) {
  /** All of it in memory for two million keys; opened in some ten seconds at most. */
  public static final TreeLimits DEFAULTS = new TreeLimits(192L << 20, 524_288, 4_096);

  /** The same with another bound for the memory. */
  public TreeLimits withMemoryBytesMax(long bytes) {
    return new TreeLimits(bytes, changesMax, blocksMax);
  }
}
