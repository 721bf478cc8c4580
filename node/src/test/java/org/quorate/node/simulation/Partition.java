package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Who hears whom: the processes in disjoint groups. */
final class Partition {
  private final int[] groups;

  private Partition(int[] groups) {
    this.groups = groups;
  }

  /** All partitions of so many processes into at most so many groups, in a fixed order. */
  static List<Partition> all(int processes, int groupsMax) {
    List<Partition> all = new ArrayList<>();
    extend(new int[processes], 0, 0, groupsMax, all);
    return List.copyOf(all);
  }

  /** Each process joins a group of those before it or founds the next. */
  private static void extend(
      int[] groups, int process, int founded, int groupsMax, List<Partition> into) {
    if (process == groups.length) {
      into.add(new Partition(groups.clone()));
      return;
    }
    for (int group = 0; group <= Math.min(founded, groupsMax - 1); group++) {
      groups[process] = group;
      extend(groups, process + 1, Math.max(founded, group + 1), groupsMax, into);
    }
  }

  /** How many replicas the group of a process has; of twins both processes count as one. */
  long replicasWith(int process, int replicas) {
    return IntStream.range(0, groups.length)
        .filter(other -> together(process, other))
        .map(other -> other % replicas)
        .distinct()
        .count();
  }

  boolean together(int one, int other) {
    return groups[one] == groups[other];
  }

  /** The same groups when process {@code i} is called {@code names[i]}. */
  Partition renamed(int[] names) {
    int[] moved = new int[groups.length];
    for (int process = 0; process < groups.length; process++) {
      moved[names[process]] = groups[process];
    }
    int[] first = new int[groups.length];
    Arrays.fill(first, -1);
    int founded = 0;
    for (int process = 0; process < moved.length; process++) {
      if (first[moved[process]] < 0) {
        first[moved[process]] = founded++;
      }
      moved[process] = first[moved[process]];
    }
    return new Partition(moved);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Partition that && Arrays.equals(groups, that.groups);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(groups);
  }

  /** Such as 014|23. */
  @Override
  public String toString() {
    return IntStream.rangeClosed(0, Arrays.stream(groups).max().orElse(0))
        .mapToObj(
            group ->
                IntStream.range(0, groups.length)
                    .filter(process -> groups[process] == group)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining()))
        .collect(Collectors.joining("|"));
  }
}
