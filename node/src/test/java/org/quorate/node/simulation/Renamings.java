package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ways to name processes differently that change nothing: correct replicas among each other,
 * twins among each other, and the two processes of a twin.
 */
final class Renamings {
  private final int replicas;
  private final int twins;

  Renamings(int replicas, int twins) {
    this.replicas = replicas;
    this.twins = twins;
  }

  /** Each with the new name of every process. */
  List<int[]> all() {
    List<int[]> all = new ArrayList<>();
    for (int[] order : orders(IntStream.range(0, replicas).toArray())) {
      if (keepsTwins(order)) {
        for (int swapped = 0; swapped < 1 << twins; swapped++) {
          all.add(names(order, swapped));
        }
      }
    }
    return all;
  }

  private boolean keepsTwins(int[] order) {
    return IntStream.range(0, twins).allMatch(replica -> order[replica] < twins);
  }

  /**
   * @param swapped a bit for each twin whose processes change their names
   */
  private int[] names(int[] order, int swapped) {
    int[] names = new int[replicas + twins];
    for (int replica = 0; replica < replicas; replica++) {
      boolean swap = replica < twins && (swapped >> replica & 1) != 0;
      names[replica] = order[replica] + (swap ? replicas : 0);
      if (replica < twins) {
        names[replicas + replica] = order[replica] + (swap ? 0 : replicas);
      }
    }
    return names;
  }

  private static List<int[]> orders(int[] items) {
    List<int[]> orders = new ArrayList<>();
    permute(items, 0, orders);
    return orders;
  }

  private static void permute(int[] items, int fixed, List<int[]> into) {
    if (fixed == items.length) {
      into.add(items.clone());
      return;
    }
    for (int i = fixed; i < items.length; i++) {
      swap(items, fixed, i);
      permute(items, fixed + 1, into);
      swap(items, fixed, i);
    }
  }

  private static void swap(int[] items, int one, int other) {
    int kept = items[one];
    items[one] = items[other];
    items[other] = kept;
  }
}
