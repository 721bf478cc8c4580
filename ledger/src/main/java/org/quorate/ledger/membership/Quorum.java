package org.quorate.ledger.membership;

/**
 * How many replicas are enough.
 *
 * <p>Of n replicas at most f = ⌊(n−1)/3⌋ are faulty. A quorum is q = ⌊(n+f)/2⌋+1: any two quorums
 * share at least f+1 replicas, so a correct one, and the n−f correct replicas form one. For n =
 * 3f+1 that is the 2f+1 of PBFT (Castro & Liskov, OSDI '99, §3); the formula holds for every n ≥ 1
 * (n = 1: a chain for development).
 *
 * @param n number of validators, at least 1
 */
public record Quorum(int n) {
  public Quorum {
    if (n < 1) {
      throw new IllegalArgumentException("a validator set has at least one member");
    }
  }

  /** How many replicas may be faulty. */
  public int f() {
    return (n - 1) / 3;
  }

  /** The size of a quorum. */
  public int quorum() {
    return (n + f()) / 2 + 1;
  }

  /** The size of a weak quorum, f+1: at least one of it is correct. */
  public int weakQuorum() {
    return f() + 1;
  }
}
