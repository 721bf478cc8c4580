package org.quorate.node.simulation;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What may go wrong in a run, as users choose it by words. A word that names both something of the
 * world and something that faulty replicas do, such as {@code delay}, means both.
 *
 * @param faults of network, processes, disks and clients
 * @param misconduct of replicas
 */
record FaultChoice(Set<Fault> faults, Set<Misconduct> misconduct) {
  /** All that correct replicas must live with. */
  static FaultChoice everything() {
    return new FaultChoice(Fault.bearable(), EnumSet.allOf(Misconduct.class));
  }

  /**
   * What these words mean.
   *
   * @throws IllegalArgumentException if one means nothing; names it, and all that there are
   */
  static FaultChoice of(Collection<String> words) {
    EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
    EnumSet<Misconduct> misconduct = EnumSet.noneOf(Misconduct.class);
    for (String word : words) {
      List<Fault> ofTheWorld =
          Fault.bearable().stream().filter(fault -> fault.word().equals(word)).toList();
      List<Misconduct> ofReplicas =
          Arrays.stream(Misconduct.values()).filter(kind -> kind.word().equals(word)).toList();
      if (ofTheWorld.isEmpty() && ofReplicas.isEmpty()) {
        throw new IllegalArgumentException(
            "there is no fault '" + word + "'; there are " + String.join(", ", words()));
      }
      faults.addAll(ofTheWorld);
      misconduct.addAll(ofReplicas);
    }
    return new FaultChoice(faults, misconduct);
  }

  /** All words. */
  static Set<String> words() {
    TreeSet<String> words = new TreeSet<>();
    Fault.bearable().forEach(fault -> words.add(fault.word()));
    for (Misconduct kind : Misconduct.values()) {
      words.add(kind.word());
    }
    words.remove(Fault.MISCONDUCT.word());
    words.remove(Fault.UNSYNCED.word());
    return words;
  }
}
