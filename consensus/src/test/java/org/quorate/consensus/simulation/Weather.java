package org.quorate.consensus.simulation;

import java.util.SplittableRandom;

/**
 * What goes wrong without anybody's ill will, until {@code calmAtMillis}; after that nothing is
 * lost, links are fast and every process runs.
 *
 * @param loss share of messages that never arrive
 * @param duplication share of messages that arrive twice
 * @param delayMaxMillis most messages arrive within it, in any order
 * @param slow share of messages that take up to ten times as long
 * @param mostlyLost the kind of messages (its first byte) that seldom arrive; 0 for none
 * @param partitions how many times some of the links are cut
 * @param crashes how many times one process dies and is started again
 * @param powerLosses how many times all processes die at one instant
 * @param calmAtMillis when all of this ends
 */
record Weather(
    double loss,
    double duplication,
    int delayMaxMillis,
    double slow,
    int mostlyLost,
    int partitions,
    int crashes,
    int powerLosses,
    int calmAtMillis) {
  static final Weather FINE = new Weather(0, 0, 3, 0, 0, 0, 0, 0, 1_000);

  static Weather of(SplittableRandom random) {
    boolean stormy = random.nextInt(4) > 0;
    return new Weather(
        pick(random, 0, 0.02, 0.1, 0.3),
        pick(random, 0, 0.02, 0.2),
        (int) pick(random, 3, 10, 30, 80),
        pick(random, 0, 0.05),
        (int) pick(random, 0, 0, 0x01, 0x02, 0x03, 0x03, 0x05, 0x06),
        stormy ? random.nextInt(8) : 0,
        stormy ? random.nextInt(8) : 0,
        stormy && random.nextInt(3) == 0 ? 1 : 0,
        (int) pick(random, 1_500, 3_000, 5_000));
  }

  /** Much is prepared, little of it committed, and views come and go. */
  static Weather restless(SplittableRandom random) {
    return new Weather(
        0.05 * random.nextInt(3),
        0.02,
        10 + random.nextInt(30),
        0.02,
        random.nextInt(3) == 0 ? 0 : random.nextBoolean() ? 0x02 : 0x03,
        4 + random.nextInt(10),
        random.nextInt(6),
        random.nextInt(2),
        4_000);
  }

  private static double pick(SplittableRandom random, double... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
