package org.quorate.node.simulation;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.quorate.ledger.membership.Quorum;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.simulation.TwinScenario.Round;

/**
 * All scenarios of so many rounds, by their numbers. The first replicas are twins; process {@code
 * i} is the first of replica {@code i}, process {@code n + i} the second of twin {@code i}.
 *
 * <p>A scenario is a number of digits, one for each round, that say reach, partition and primary.
 * Its number is another: they are shuffled (see {@link Spread}). Two scenarios that only name the
 * correct replicas, the twins, or the two processes of one differently are the same; the one with
 * the lowest digits stands for all of them, the others have numbers and are not run.
 */
final class TwinScenarios {
  /** Which rounds scenarios are made of. */
  enum Rounds {
    ALL,
    /** Those whose primary, one of its processes, has a quorum in its group. */
    WITH_QUORUM
  }

  private static final int GROUPS_MAX = 3;

  private final int replicas;
  private final int roundCount;
  private final List<Round> digits = new ArrayList<>();

  /** What each digit becomes under each renaming of the processes. */
  private final List<int[]> renamings = new ArrayList<>();

  private final long size;
  private final Spread spread;

  /**
   * @param replicas n
   * @param twins how many of them, the first, have two processes
   * @param rounds which rounds there are
   */
  TwinScenarios(int replicas, int twins, int roundCount, Rounds rounds) {
    this.replicas = replicas;
    this.roundCount = roundCount;
    List<Partition> partitions = Partition.all(replicas + twins, GROUPS_MAX);
    for (int primary = 0; primary < replicas; primary++) {
      for (Partition partition : partitions) {
        for (Reach reach : Reach.values()) {
          if (rounds == Rounds.ALL || hasQuorum(primary, partition, twins)) {
            digits.add(new Round(new ReplicaId(primary), partition, reach));
          }
        }
      }
    }
    Map<Round, Integer> byRound = new HashMap<>();
    digits.forEach(round -> byRound.put(round, byRound.size()));
    for (int[] names : new Renamings(replicas, twins).all()) {
      renamings.add(
          digits.stream().mapToInt(round -> byRound.get(renamed(round, names))).toArray());
    }
    this.size = BigInteger.valueOf(digits.size()).pow(roundCount).longValueExact();
    this.spread = new Spread(size);
  }

  private boolean hasQuorum(int primary, Partition partition, int twins) {
    int quorum = new Quorum(replicas).quorum();
    return partition.replicasWith(primary, replicas) >= quorum
        || (primary < twins && partition.replicasWith(replicas + primary, replicas) >= quorum);
  }

  private Round renamed(Round round, int[] names) {
    return new Round(
        new ReplicaId(names[round.primary().index()] % replicas),
        round.partition().renamed(names),
        round.reach());
  }

  /** How many numbers there are; the last is one less. */
  long size() {
    return size;
  }

  /** The scenario of a number; empty if another is the same. */
  Optional<TwinScenario> scenario(long number) {
    int[] code = code(number);
    return renamings.stream().allMatch(renaming -> isFirst(code, renaming))
        ? Optional.of(decoded(code))
        : Optional.empty();
  }

  private int[] code(long number) {
    long rest = spread.place(number);
    int[] code = new int[roundCount];
    for (int round = roundCount - 1; round >= 0; round--) {
      code[round] = (int) (rest % digits.size());
      rest /= digits.size();
    }
    return code;
  }

  private static boolean isFirst(int[] code, int[] renaming) {
    return Arrays.compare(code, Arrays.stream(code).map(digit -> renaming[digit]).toArray()) <= 0;
  }

  private TwinScenario decoded(int[] code) {
    return new TwinScenario(Arrays.stream(code).mapToObj(digits::get).toList());
  }
}
