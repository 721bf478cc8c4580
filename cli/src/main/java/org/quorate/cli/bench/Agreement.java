package org.quorate.cli.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds out on which blocks f+1 nodes agree. Holds what is told of a bounded number of heights; of
 * older ones it takes no further word. Owned by one thread.
 */
final class Agreement {
  private static final int HEIGHTS_MAX = 4_096;

  private final int enough;
  private final TreeMap<Long, List<Saying>> undecided = new TreeMap<>();
  private final TreeSet<Long> decided = new TreeSet<>();

  private record Saying(BlockReport report, Set<Integer> nodes) {}

  /**
   * @param enough how many nodes must report alike, at least 1
   */
  Agreement(int enough) {
    this.enough = enough;
  }

  /** Takes a node's report; the report again, once, when with it enough nodes agree. */
  Optional<BlockReport> report(int node, BlockReport report) {
    long height = report.height();
    if (decided.contains(height)
        || (!decided.isEmpty() && height <= decided.last() - HEIGHTS_MAX)) {
      return Optional.empty();
    }
    List<Saying> sayings = undecided.computeIfAbsent(height, key -> new ArrayList<>());
    Saying same = null;
    for (Saying saying : sayings) {
      if (saying.nodes().contains(node)) {
        return Optional.empty(); // a node has one word for each height
      }
      if (saying.report().equals(report)) {
        same = saying;
      }
    }
    if (same == null) {
      same = new Saying(report, new HashSet<>());
      sayings.add(same);
    }
    same.nodes().add(node);
    if (same.nodes().size() < enough) {
      if (undecided.size() > HEIGHTS_MAX) {
        undecided.pollFirstEntry();
      }
      return Optional.empty();
    }
    undecided.remove(height);
    decided.add(height);
    if (decided.size() > HEIGHTS_MAX) {
      decided.pollFirst();
    }
    return Optional.of(same.report());
  }
}
