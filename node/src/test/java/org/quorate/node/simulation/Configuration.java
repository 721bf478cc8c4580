package org.quorate.node.simulation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.quorate.consensus.TestChain;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.membership.Quorum;
import org.quorate.ledger.membership.ReplicaId;

/**
 * One run.
 *
 * @param seed of all that is random in it
 * @param shape of its chain
 * @param faulty the replicas that do not keep to the protocol, and what they do instead
 * @param transactions how many the correct clients submit in an episode
 * @param weather what fails by itself in the first episode
 * @param faults what else may go wrong
 */
record Configuration(
    long seed,
    Shape shape,
    SortedMap<ReplicaId, Misconduct> faulty,
    int transactions,
    Weather weather,
    Set<Fault> faults) {
  /**
   * Of a chain.
   *
   * @param n number of replicas
   * @param blockTransactionsMax in a block; blocks of one transaction make long pipelines
   * @param windowBlocks the chain's window
   * @param rotationIntervalBlocks after how many blocks its primary changes; 0 for never
   */
  record Shape(int n, int blockTransactionsMax, int windowBlocks, int rotationIntervalBlocks) {
    private boolean longPipelines() {
      return blockTransactionsMax == 1;
    }

    private ChainParameters parameters() {
      ChainParameters defaults = TestChain.PARAMETERS;
      return new ChainParameters(
          blockTransactionsMax,
          defaults.blockBytesMax(),
          defaults.transactionBytesMax(),
          windowBlocks,
          longPipelines() ? 0 : defaults.batchDelayMillis(),
          VIEW_TIMEOUT_MILLIS,
          defaults.clockDriftMillis(),
          rotationIntervalBlocks);
    }
  }

  /** More often the sizes that matter most; every size that is not 3f+1 below 7. */
  private static final int[] SIZES = {4, 7, 4, 1, 4, 2, 4, 3, 5, 4, 6, 7};

  /** Of chains whose blocks hold more than one transaction. */
  static final int LARGE_BLOCK_TRANSACTIONS = TestChain.PARAMETERS.blockTransactionsMax();

  /** In runs in which one node falls far behind. */
  private static final int LONELY_TRANSACTIONS_MIN = 300;

  /** The view timeout T of all simulated chains. */
  static final int VIEW_TIMEOUT_MILLIS = 200;

  Configuration {
    faulty = Collections.unmodifiableSortedMap(new TreeMap<>(faulty));
    faults = Collections.unmodifiableSet(faults);
  }

  /** The run that a seed stands for: at most f faulty replicas. */
  static Configuration of(long seed) {
    return of(seed, 0, FaultChoice.everything());
  }

  /** Likewise, in which no correct node loses its disk. */
  static Configuration bearable(long seed) {
    return of(seed, 0, FaultChoice.bearable());
  }

  /** Whether a node falls far behind in it. */
  boolean isLonely() {
    return transactions >= LONELY_TRANSACTIONS_MIN && weather.processes().longOutages() > 0;
  }

  /**
   * The run that a seed stands for, with those faults alone.
   *
   * @param validators how many; 0 for as many as the seed says
   */
  static Configuration of(long seed, int validators, FaultChoice choice) {
    int n = validators > 0 ? validators : SIZES[Math.floorMod(seed, SIZES.length)];
    SplittableRandom random = new SplittableRandom(seed);
    Configuration all = of(seed, n, choice.misconduct(), random);
    EnumSet<Fault> faults = EnumSet.noneOf(Fault.class);
    faults.addAll(all.faults());
    faults.retainAll(choice.faults());
    Configuration run = all.only(faults);
    Optional<Fault> loss = run.f() == 0 ? Optional.empty() : choice.diskLoss(random);
    return loss.isEmpty() ? run : run.losing(loss.get(), random.nextBoolean());
  }

  /** A run of {@code n} replicas with those kinds of misconduct. */
  static Configuration of(long seed, int n, Set<Misconduct> kinds, SplittableRandom random) {
    int f = new Quorum(n).f();
    int faulty = kinds.isEmpty() ? 0 : random.nextInt(3) == 0 ? random.nextInt(f + 1) : f;
    boolean malice = kinds.contains(Misconduct.MALICE);
    Misconduct[] choice = kinds.toArray(new Misconduct[0]);
    TreeMap<ReplicaId, Misconduct> misconduct = new TreeMap<>();
    while (misconduct.size() < faulty) {
      misconduct.put(
          new ReplicaId(random.nextInt(n)),
          malice && random.nextInt(3) == 0
              ? Misconduct.MALICE
              : choice[random.nextInt(choice.length)]);
    }
    boolean restless = n == 4 && random.nextInt(3) > 0;
    EnumSet<Fault> faults = Fault.bearable();
    if (random.nextBoolean()) {
      faults.removeAll(EnumSet.range(Fault.RIVALS, Fault.FAILING));
    }
    int transactions = restless ? 60 : 10 + random.nextInt(50);
    Shape shape =
        new Shape(
            n,
            seed / SIZES.length % 3 == 0 ? LARGE_BLOCK_TRANSACTIONS : 1,
            2 + random.nextInt(9),
            seed % 5 == 1 ? 1 + (int) (seed / 5 % 4) : 0);
    Configuration run =
        new Configuration(
            seed,
            shape,
            misconduct,
            transactions,
            restless ? Weather.restless(random) : Weather.of(random),
            faults);
    return n >= 4 && shape.longPipelines() && random.nextInt(12) == 0
        ? run.lonely(kinds, random)
        : run;
  }

  /**
   * The same chain, in which one falls hundreds of blocks behind; those that are faulty lie to it
   * about blocks, if they may, and go on making them.
   */
  private Configuration lonely(Set<Misconduct> kinds, SplittableRandom random) {
    List<Misconduct> lies =
        Stream.of(Misconduct.BAD_BLOCKS, Misconduct.FUTURE).filter(kinds::contains).toList();
    TreeMap<ReplicaId, Misconduct> liars = new TreeMap<>();
    if (!lies.isEmpty()) {
      faulty.keySet().forEach(who -> liars.put(who, lies.get(random.nextInt(lies.size()))));
    }
    int many = LONELY_TRANSACTIONS_MIN + random.nextInt(200);
    Shape narrow =
        new Shape(
            n(), shape.blockTransactionsMax, 2 + random.nextInt(3), shape.rotationIntervalBlocks);
    return new Configuration(seed, narrow, liars, many, Weather.lonely(random), faults);
  }

  /**
   * A run in which nodes that are not faulty lose their disks.
   *
   * @param live whether the chain must go on: then fewer than f are faulty, since one that forgot
   *     counts as faulty until it votes again; if not, it need only be safe
   */
  static Configuration losing(long seed, Fault loss, boolean live) {
    Configuration usual = bearable(seed * 12 + (seed % 4 == 0 ? 1 : 0)); // n = 4 or 7
    TreeMap<ReplicaId, Misconduct> misconduct = new TreeMap<>(usual.faulty);
    Misconduct[] kinds = Misconduct.values();
    for (int i = 0; i < usual.n() && misconduct.size() < usual.f(); i++) {
      misconduct.putIfAbsent(
          new ReplicaId((int) ((seed + i) % usual.n())), kinds[(int) (seed % kinds.length)]);
    }
    return usual.with(misconduct).with(60).losing(loss, live);
  }

  /**
   * The same run, in which nodes that are not faulty lose their disks. What is left of a disk is
   * compared with what others have seen of the node; so where something is left, all that it says
   * arrives somewhere.
   */
  private Configuration losing(Fault loss, boolean live) {
    TreeMap<ReplicaId, Misconduct> misconduct = new TreeMap<>(faulty);
    while (live && misconduct.size() >= f()) {
      misconduct.pollFirstEntry();
    }
    EnumSet<Fault> lossToo = EnumSet.of(loss);
    lossToo.addAll(faults);
    Configuration losing = with(misconduct).with(lossToo);
    return losing.with(losing.tamed(weather));
  }

  /** A weather like this that the run can bear. */
  Weather tamed(Weather any) {
    boolean forgetsInPart = faults.contains(Fault.OLDER_DISK) || faults.contains(Fault.BIT_FLIP);
    return (forgetsInPart ? Weather.LOSSLESS : any).only(faults);
  }

  /** Number of replicas. */
  int n() {
    return shape.n;
  }

  int f() {
    return new Quorum(n()).f();
  }

  /** Whether the chain must go on. */
  boolean live() {
    return !losesDisks() || faulty.size() < f();
  }

  /** Whether no more is broken than the protocol bears. */
  boolean isBearable() {
    return faulty.size() <= f() && !faults.contains(Fault.LYING_DISK);
  }

  /** Whether nodes lose what they signed. */
  boolean losesDisks() {
    return faults.contains(Fault.WIPED_DISK)
        || faults.contains(Fault.OLDER_DISK)
        || faults.contains(Fault.BIT_FLIP);
  }

  Configuration with(SortedMap<ReplicaId, Misconduct> misconduct) {
    return new Configuration(seed, shape, misconduct, transactions, weather, faults);
  }

  /** The same run, in which all that are faulty do this. */
  Configuration with(Misconduct kind) {
    TreeMap<ReplicaId, Misconduct> misconduct = new TreeMap<>();
    faulty.keySet().forEach(who -> misconduct.put(who, kind));
    return with(misconduct);
  }

  Configuration with(int transactionCount) {
    return new Configuration(seed, shape, faulty, transactionCount, weather, faults);
  }

  Configuration with(Weather other) {
    return new Configuration(seed, shape, faulty, transactions, other, faults);
  }

  Configuration with(Set<Fault> others) {
    return new Configuration(seed, shape, faulty, transactions, weather, others);
  }

  /** The same run in which nothing goes wrong but this. */
  Configuration only(Set<Fault> allowed) {
    return with(weather.only(allowed)).with(allowed);
  }

  boolean isCorrect(ReplicaId replica) {
    return !faulty.containsKey(replica);
  }

  TestChain chain() {
    return new TestChain(n(), shape.parameters());
  }
}
