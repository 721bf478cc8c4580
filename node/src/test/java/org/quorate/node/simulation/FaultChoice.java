package org.quorate.node.simulation;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * What may go wrong in a run, as users choose it by words. A word that names both something of the
 * world and something that faulty replicas do, such as {@code delay}, means both.
 *
 * @param faults of network, processes, disks and clients
 * @param misconduct of replicas
 */
record FaultChoice(Set<Fault> faults, Set<Misconduct> misconduct) {
  /** Of runs in which everything may go wrong, in one of so many nodes lose their disks. */
  private static final int DISK_LOSS_STRIDE = 8;

  /** All that chains must live with. */
  static FaultChoice everything() {
    return new FaultChoice(Fault.survivable(), EnumSet.allOf(Misconduct.class));
  }

  /** All that correct replicas must live with, and keep voting. */
  static FaultChoice bearable() {
    return new FaultChoice(Fault.bearable(), EnumSet.allOf(Misconduct.class));
  }

  /** How nodes lose their disks in a run: seldom, unless somebody asked for it by name. */
  Optional<Fault> diskLoss(SplittableRandom random) {
    List<Fault> losses =
        faults.stream().filter(fault -> !Fault.bearable().contains(fault)).toList();
    boolean named = faults.size() < Fault.survivable().size();
    return losses.isEmpty() || (!named && random.nextInt(DISK_LOSS_STRIDE) > 0)
        ? Optional.empty()
        : Optional.of(losses.get(random.nextInt(losses.size())));
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
          Fault.survivable().stream().filter(fault -> fault.word().equals(word)).toList();
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
    Fault.survivable().forEach(fault -> words.add(fault.word()));
    for (Misconduct kind : Misconduct.values()) {
      words.add(kind.word());
    }
    words.remove(Fault.MISCONDUCT.word());
    words.remove(Fault.UNSYNCED.word());
    return words;
  }
}
