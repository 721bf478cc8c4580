package org.quorate.consensus.simulation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.quorate.consensus.TestChain;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.membership.Quorum;
import org.quorate.ledger.membership.ReplicaId;

/**
 * One run.
 *
 * @param seed of all that is random in it
 * @param n number of replicas
 * @param faulty the replicas that do not keep to the protocol, and what they do instead
 * @param transactions how many the clients submit
 * @param windowBlocks the chain's window
 * @param weather what fails by itself
 * @param amnesia what the disks lose
 */
record Configuration(
    long seed,
    int n,
    SortedMap<ReplicaId, Misconduct> faulty,
    int transactions,
    int windowBlocks,
    Weather weather,
    Amnesia amnesia) {
  /** More often the sizes that matter most; every size that is not 3f+1 below 7. */
  private static final int[] SIZES = {4, 7, 4, 1, 4, 2, 4, 3, 5, 4, 6, 7};

  /** The view timeout T of all simulated chains. */
  static final int VIEW_TIMEOUT_MILLIS = 200;

  Configuration {
    faulty = Collections.unmodifiableSortedMap(new TreeMap<>(faulty));
  }

  /** The run that a seed stands for: at most f faulty replicas. */
  static Configuration of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = SIZES[Math.floorMod(seed, SIZES.length)];
    int f = new Quorum(n).f();
    int faulty = random.nextInt(3) == 0 ? random.nextInt(f + 1) : f;
    TreeMap<ReplicaId, Misconduct> misconduct = new TreeMap<>();
    while (misconduct.size() < faulty) {
      Misconduct[] kinds = Misconduct.values();
      misconduct.put(
          new ReplicaId(random.nextInt(n)),
          random.nextInt(3) == 0 ? Misconduct.MALICE : kinds[random.nextInt(kinds.length)]);
    }
    boolean restless = n == 4 && random.nextInt(3) > 0;
    return new Configuration(
        seed,
        n,
        misconduct,
        restless ? 60 : 10 + random.nextInt(50),
        2 + random.nextInt(9),
        restless ? Weather.restless(random) : Weather.of(random),
        Amnesia.NONE);
  }

  Configuration with(Amnesia forgotten) {
    return new Configuration(seed, n, faulty, transactions, windowBlocks, weather, forgotten);
  }

  Configuration with(SortedMap<ReplicaId, Misconduct> misconduct) {
    return new Configuration(seed, n, misconduct, transactions, windowBlocks, weather, amnesia);
  }

  Configuration with(Weather other) {
    return new Configuration(seed, n, faulty, transactions, windowBlocks, other, amnesia);
  }

  /** How many transactions a primary puts in a block at most: few make long pipelines. */
  int batch(int most) {
    return seed % 3 == 0 ? most : 1;
  }

  TestChain chain() {
    ChainParameters defaults = TestChain.PARAMETERS;
    return new TestChain(
        n,
        new ChainParameters(
            defaults.blockTransactionsMax(),
            defaults.blockBytesMax(),
            defaults.transactionBytesMax(),
            windowBlocks,
            defaults.batchDelayMillis(),
            VIEW_TIMEOUT_MILLIS,
            defaults.clockDriftMillis(),
            0));
  }
}
