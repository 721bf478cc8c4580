package org.quorate.ledger.state;

import java.util.Arrays;
import org.quorate.ledger.crypto.Digest;

/**
 * A subtree of few leaves, or none, kept as a list: the lowest levels of the state tree, whose
 * inner nodes are computed when they are needed. They would take more memory than the leaves
 * themselves.
 */
final class Bucket extends TreeNode {
  /** The most leaves: a change computes about as many hashes again. */
  static final int LEAVES_MAX = 8;

  /** No leaf. */
  static final Bucket EMPTY = new Bucket(new byte[0], new byte[Digest.BYTES], 0);

  private static final long OWN_BYTES = 64;

  private final byte[] leaves;

  private Bucket(byte[] leaves, byte[] hash, int offset) {
    super(hash, offset);
    this.leaves = leaves;
  }

  /**
   * @param leaves as {@link Leaves#toBytes}, nobody else's
   * @param depth the number of bits that lead to it; if it is one leaf, or none, any
   */
  static Bucket of(byte[] leaves, int depth, TreeHasher hasher) {
    int size = leaves.length / Leaves.BYTES;
    return size == 0 ? EMPTY : new Bucket(leaves, hasher.root(leaves, 0, size, depth), 0);
  }

  /** That of one leaf. */
  static Bucket of(Digest path, Digest leafHash) {
    Leaves one = new Leaves(1);
    one.add(path, leafHash);
    byte[] leaf = one.toBytes();
    return new Bucket(leaf, leaf, Digest.BYTES);
  }

  /** All leaves of two halves at {@code depth}, few enough for one. */
  static Bucket join(Bucket left, Bucket right, int depth, TreeHasher hasher) {
    if (left.size() + right.size() <= 1) {
      return right.size() == 0 ? left : right;
    }
    byte[] leaves = Arrays.copyOf(left.leaves, left.leaves.length + right.leaves.length);
    System.arraycopy(right.leaves, 0, leaves, left.leaves.length, right.leaves.length);
    return of(leaves, depth, hasher);
  }

  /** Number of leaves. */
  int size() {
    return leaves.length / Leaves.BYTES;
  }

  /** The path of the leaf at {@code index}. */
  Digest path(int index) {
    return Digest.of(leaves, Leaves.BYTES * index);
  }

  /** The leaves; not to be changed. */
  byte[] leaves() {
    return leaves;
  }

  /**
   * Those whose bits from {@code from} to {@code to} are those of {@code bits}, as a bucket {@code
   * to} deep.
   */
  Bucket within(Digest bits, int from, int to, TreeHasher hasher) {
    int first = 0;
    int end = size();
    for (int depth = from; depth < to; depth++) {
      int middle = Leaves.split(leaves, first, end, depth);
      if (bits.bit(depth)) {
        first = middle;
      } else {
        end = middle;
      }
    }
    return of(Arrays.copyOfRange(leaves, Leaves.BYTES * first, Leaves.BYTES * end), to, hasher);
  }

  @Override
  long memoryBytes() {
    return OWN_BYTES + leaves.length;
  }
}
