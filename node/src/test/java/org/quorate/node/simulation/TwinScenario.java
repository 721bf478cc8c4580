package org.quorate.node.simulation;

import java.util.List;
import java.util.stream.Collectors;
import org.quorate.ledger.membership.ReplicaId;

/** What happens to a chain of which some replicas are twins, round by round. */
record TwinScenario(List<Round> rounds) {
  /**
   * A span of time.
   *
   * @param primary leads all that are in its view
   * @param partition of the processes
   */
  record Round(ReplicaId primary, Partition partition, Reach reach) {
    @Override
    public String toString() {
      return primary + " " + partition + " " + reach.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  TwinScenario {
    rounds = List.copyOf(rounds);
  }

  @Override
  public String toString() {
    return rounds.stream().map(Round::toString).collect(Collectors.joining(", "));
  }
}
