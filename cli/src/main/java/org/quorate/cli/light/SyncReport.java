package org.quorate.cli.light;

import java.time.Duration;
import java.util.List;
import org.quorate.cli.client.NodeEndpoint;

/**
 * What came of following a chain.
 *
 * @param fromHeight the highest block before
 * @param headers how many were verified and kept
 * @param elapsed all of it, waiting for nodes included
 * @param agreeing the nodes that have the highest block, or are behind and have a lower one of the
 *     same chain, as far as its height was not skipped; none of them has shown another result
 * @param dropped the others
 */
public record SyncReport(
    long fromHeight,
    long headers,
    Duration elapsed,
    List<NodeEndpoint> agreeing,
    List<Dropped> dropped) {
  public SyncReport {
    agreeing = List.copyOf(agreeing);
    dropped = List.copyOf(dropped);
  }

  /**
   * A node whose word was not taken.
   *
   * @param reached whether it answered at all
   */
  public record Dropped(NodeEndpoint node, String why, boolean reached) {}

  /** How fast, rounded down. */
  public long headersPerSecond() {
    return headers * 1_000_000_000L / Math.max(1, elapsed.toNanos());
  }
}
