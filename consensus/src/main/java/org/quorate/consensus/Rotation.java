package org.quorate.consensus;

/**
 * The term of a primary: so many final blocks, then the next one's turn comes, whether or not
 * anybody complains (PROTOCOL.md, R23). A function of the chain and of where the view was entered,
 * so correct replicas agree on it without a message.
 */
final class Rotation {
  private final int intervalBlocks;

  /**
   * @param intervalBlocks the chain's {@code rotation_interval_blocks}; 0 for terms without end
   */
  Rotation(int intervalBlocks) {
    this.intervalBlocks = intervalBlocks;
  }

  /** Whether a block of {@code height} may be proposed in {@code view}. */
  boolean withinTerm(CurrentView view, long height) {
    return intervalBlocks == 0 || height <= view.beginning().height() + intervalBlocks;
  }

  /** Whether the term of the view's primary is over, now that {@code finalHeight} is final. */
  boolean over(CurrentView view, long finalHeight) {
    return view.active() && !withinTerm(view, finalHeight + 1);
  }
}
