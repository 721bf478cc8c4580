package org.quorate.node.simulation;

import java.util.Set;
import java.util.SplittableRandom;

/**
 * What goes wrong without anybody's ill will, until {@code calmAfterMillis}; after that nothing is
 * lost, links are fast, disks work and every process runs.
 */
record Weather(Links links, Processes processes, Disks disks, int calmAfterMillis) {
  /**
   * How links fail.
   *
   * @param loss share of messages that never arrive
   * @param replay share of messages that arrive again, soon or long after
   * @param delayMaxMillis most messages arrive within it, in any order
   * @param slow share of messages that take up to ten times as long
   * @param mostlyLost the kind of messages (its first byte) that seldom arrive, or {@link
   *     #TRANSACTIONS}; 0 for none
   * @param cuts how many times some of the links are cut, in both directions or one
   * @param clogs how many times the links of some nodes are clogged one after the other, and
   *     unclogged in another order: what was on its way arrives then (the swizzle of FoundationDB)
   * @param reconnects how many times a link breaks and is made anew
   */
  record Links(
      double loss,
      double replay,
      int delayMaxMillis,
      double slow,
      int mostlyLost,
      int cuts,
      int clogs,
      int reconnects) {}

  /**
   * How processes fail.
   *
   * @param crashes how many times one dies and is started again
   * @param powerLosses how many times all die at one instant
   * @param pauses how many times one is stopped and goes on, perhaps long after
   * @param clockJumps how many times a wall clock is set forward or back
   * @param longOutages how many die early and are away for most of the storm
   */
  record Processes(int crashes, int powerLosses, int pauses, int clockJumps, int longOutages) {}

  /**
   * How disks fail.
   *
   * @param syncErrors how many times the syncs of one fail for a while
   * @param full how many times one is full for a while
   */
  record Disks(int syncErrors, int full) {}

  /** What replicas forward to each other, as a kind of message. */
  static final int TRANSACTIONS = -1;

  /** Votes and what changes views more often than what answers those who catch up. */
  private static final int[] MOSTLY_LOST = {
    0,
    0,
    0,
    0,
    0x01,
    0x02,
    0x02,
    0x03,
    0x03,
    0x03,
    0x04,
    0x05,
    0x05,
    0x06,
    0x06,
    0x10,
    0x13,
    0x15,
    0x16,
    0x17,
    TRANSACTIONS,
    TRANSACTIONS
  };

  static final Weather FINE =
      new Weather(
          new Links(0, 0, 3, 0, 0, 0, 0, 0), new Processes(0, 0, 0, 0, 0), new Disks(0, 0), 1_000);

  /** Every message arrives, some late. */
  static final Weather LOSSLESS =
      new Weather(
          new Links(0, 0.1, 8, 0, 0, 0, 0, 0),
          new Processes(2, 0, 0, 0, 0),
          new Disks(0, 0),
          3_000);

  static Weather of(SplittableRandom random) {
    boolean stormy = random.nextInt(4) > 0;
    int most = stormy ? 8 : 1;
    return new Weather(
        new Links(
            pick(random, 0, 0.02, 0.1, 0.3),
            pick(random, 0, 0.02, 0.2, 0.5),
            (int) pick(random, 3, 10, 30, 80),
            pick(random, 0, 0.05),
            MOSTLY_LOST[random.nextInt(MOSTLY_LOST.length)],
            random.nextInt(most),
            random.nextInt(stormy ? 3 : 1),
            random.nextInt(most)),
        new Processes(
            random.nextInt(most),
            stormy && random.nextInt(3) == 0 ? 1 : 0,
            random.nextInt(stormy ? 3 : 1),
            random.nextInt(stormy ? 3 : 1),
            stormy && random.nextInt(8) == 0 ? 1 : 0),
        new Disks(random.nextInt(stormy ? 2 : 1), random.nextInt(stormy ? 2 : 1)),
        (int) pick(random, 1_500, 3_000, 5_000));
  }

  /** Much is prepared, little of it committed, and views come and go. */
  static Weather restless(SplittableRandom random) {
    return new Weather(
        new Links(
            0.05 * random.nextInt(3),
            0.02,
            10 + random.nextInt(30),
            0.02,
            random.nextInt(3) == 0 ? 0 : random.nextBoolean() ? 0x02 : 0x03,
            4 + random.nextInt(10),
            0,
            random.nextInt(3)),
        new Processes(random.nextInt(6), random.nextInt(2), 0, 0, 0),
        new Disks(0, 0),
        4_000);
  }

  /** Mild for all but one, which is away for most of it while the others make many blocks. */
  static Weather lonely(SplittableRandom random) {
    return new Weather(
        new Links(
            pick(random, 0, 0.01, 0.05),
            pick(random, 0, 0.02),
            (int) pick(random, 3, 5, 10),
            pick(random, 0, 0.02),
            0,
            random.nextInt(2),
            random.nextInt(2),
            random.nextInt(4)),
        new Processes(random.nextInt(3), 0, random.nextInt(2), random.nextInt(2), 1),
        new Disks(0, 0),
        (int) pick(random, 3_000, 5_000));
  }

  private static double pick(SplittableRandom random, double... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** This weather without what is not among {@code faults}. */
  Weather only(Set<Fault> faults) {
    return new Weather(
        new Links(
            faults.contains(Fault.LOSS) ? links.loss : 0,
            faults.contains(Fault.REPLAY) ? links.replay : 0,
            faults.contains(Fault.DELAY) ? links.delayMaxMillis : FINE.links.delayMaxMillis,
            faults.contains(Fault.DELAY) ? links.slow : 0,
            faults.contains(Fault.LOSS) ? links.mostlyLost : 0,
            faults.contains(Fault.PARTITION) || faults.contains(Fault.ONE_WAY) ? links.cuts : 0,
            faults.contains(Fault.CLOG) ? links.clogs : 0,
            faults.contains(Fault.RECONNECT) ? links.reconnects : 0),
        new Processes(
            faults.contains(Fault.CRASH) ? processes.crashes : 0,
            faults.contains(Fault.POWER_LOSS) ? processes.powerLosses : 0,
            faults.contains(Fault.PAUSE) ? processes.pauses : 0,
            faults.contains(Fault.CLOCK_JUMP) ? processes.clockJumps : 0,
            faults.contains(Fault.LONG_OUTAGE) ? processes.longOutages : 0),
        new Disks(
            faults.contains(Fault.SYNC_ERROR) ? disks.syncErrors : 0,
            faults.contains(Fault.DISK_FULL) ? disks.full : 0),
        calmAfterMillis);
  }
}
