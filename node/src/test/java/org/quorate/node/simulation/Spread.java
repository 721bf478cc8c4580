package org.quorate.node.simulation;

import java.math.BigInteger;

/**
 * Shuffles the numbers from 0 to {@code size} − 1: neighbours are far apart afterwards, so that any
 * range is a sample of the whole, and all numbers together are still the whole.
 */
final class Spread {
  /** The golden ratio's inverse, of whose multiples modulo 1 no two are close for long. */
  private static final double RATIO = 0.6180339887498949;

  private final BigInteger size;
  private final BigInteger step;

  /**
   * @param size at least 1
   */
  Spread(long size) {
    this.size = BigInteger.valueOf(size);
    BigInteger candidate = BigInteger.valueOf((long) (size * RATIO));
    while (!candidate.gcd(this.size).equals(BigInteger.ONE)) {
      candidate = candidate.add(BigInteger.ONE);
    }
    this.step = candidate;
  }

  /** Where a number comes to lie: no two at the same place. */
  long place(long number) {
    return BigInteger.valueOf(number).multiply(step).mod(size).longValueExact();
  }
}
