package org.quorate.ledger.state;

import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hasher;

/** The hashes of the state tree, without garbage. Owned by one thread. */
final class TreeHasher {
  private static final int PATH_BITS = 8 * Digest.BYTES;

  /** What is hashed: a byte that says of what, and two digests. */
  private static final int FRAME = 1 + 2 * Digest.BYTES;

  private final Hasher hasher = new Hasher();

  /** For each depth a frame, since the hash of an inner node waits for those below it. */
  private final byte[] frames = new byte[FRAME * (PATH_BITS + 1)];

  private final byte[] hash = new byte[Digest.BYTES];

  TreeHasher() {
    for (int depth = 0; depth <= PATH_BITS; depth++) {
      frames[FRAME * depth] = 1;
    }
  }

  /** The digest of a key or of a value. */
  Digest digest(byte[] bytes) {
    return hasher.add(bytes).digest();
  }

  /** The hash of the leaf that gives {@code path} the value of digest {@code value}. */
  Digest leaf(Digest path, Digest value) {
    return hasher.add(0).add(path).add(value).digest();
  }

  /** The inner node of two halves. */
  TreeNode.Inner inner(TreeNode left, TreeNode right) {
    left.copyHash(frames, 1);
    right.copyHash(frames, 1 + Digest.BYTES);
    hasher.add(frames, 0, FRAME).digest(hash, 0);
    return new TreeNode.Inner(hash, 0, left, right);
  }

  /**
   * The root of the leaves from {@code from} to {@code to} at {@code depth}, valid until the next
   * call.
   *
   * @param leaves as in {@link Leaves}
   */
  byte[] root(byte[] leaves, int from, int to, int depth) {
    root(leaves, from, to, depth, hash, 0);
    return hash;
  }

  private void root(byte[] leaves, int from, int to, int depth, byte[] target, int offset) {
    if (to == from) {
      Bucket.EMPTY.copyHash(target, offset);
    } else if (to - from == 1) {
      System.arraycopy(leaves, Leaves.BYTES * from + Digest.BYTES, target, offset, Digest.BYTES);
    } else {
      int middle = Leaves.split(leaves, from, to, depth);
      int frame = FRAME * depth;
      root(leaves, from, middle, depth + 1, frames, frame + 1);
      root(leaves, middle, to, depth + 1, frames, frame + 1 + Digest.BYTES);
      hasher.add(frames, frame, FRAME).digest(target, offset);
    }
  }
}
