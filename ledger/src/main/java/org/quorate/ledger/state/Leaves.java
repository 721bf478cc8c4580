package org.quorate.ledger.state;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.crypto.Digest;

/**
 * Leaves in rising order of paths, 64 bytes each: path and hash. What is made of them must not be
 * changed afterwards.
 */
final class Leaves {
  /** Bytes of a leaf. */
  static final int BYTES = 2 * Digest.BYTES;

  private byte[] bytes;
  private int size;

  /** The leaf at {@code path} gets the value of this digest, or goes if there is none. */
  record Change(Digest path, Optional<Digest> value) {}

  /**
   * @param expected how many there may be
   */
  Leaves(int expected) {
    bytes = new byte[BYTES * Math.max(1, expected)];
  }

  int size() {
    return size;
  }

  void add(Digest path, Digest hash) {
    int at = room();
    path.copyTo(bytes, at);
    hash.copyTo(bytes, at + Digest.BYTES);
  }

  /** Adds the leaf at {@code index} of others. */
  void add(byte[] leaves, int index) {
    System.arraycopy(leaves, BYTES * index, bytes, room(), BYTES);
  }

  private int room() {
    if (BYTES * size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    return BYTES * size++;
  }

  /** Exactly the bytes of the leaves. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, BYTES * size);
  }

  /**
   * Those of {@code old} after the changes, which are in rising order of paths.
   *
   * @param effective gets those changes that change something
   */
  static Leaves merge(byte[] old, List<Change> changes, List<Change> effective, TreeHasher hasher) {
    int count = old.length / BYTES;
    Leaves merged = new Leaves(count + changes.size());
    int next = 0;
    for (Change change : changes) {
      while (next < count && compare(old, next, change.path()) < 0) {
        merged.add(old, next++);
      }
      boolean known = next < count && compare(old, next, change.path()) == 0;
      if (change.value().isPresent()) {
        Digest hash = hasher.leaf(change.path(), change.value().get());
        merged.add(change.path(), hash);
        if (!known || !hash.equals(Digest.of(old, BYTES * next + Digest.BYTES))) {
          effective.add(change);
        }
      } else if (known) {
        effective.add(change);
      }
      next += known ? 1 : 0;
    }
    while (next < count) {
      merged.add(old, next++);
    }
    return merged;
  }

  private static int compare(byte[] leaves, int index, Digest path) {
    return Digest.of(leaves, BYTES * index).compareTo(path);
  }

  /** Which of the leaves, all alike before {@code depth}, is the first whose bit there is 1. */
  static int split(byte[] leaves, int from, int to, int depth) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bit(leaves, middle, depth)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static boolean bit(byte[] leaves, int index, int depth) {
    return (leaves[BYTES * index + (depth >>> 3)] >>> (7 - (depth & 7)) & 1) == 1;
  }

  /** The subtree at {@code depth} of all of them, in memory. */
  TreeNode tree(int depth, TreeHasher hasher) {
    return tree(bytes, 0, size, depth, hasher);
  }

  private static TreeNode tree(byte[] leaves, int from, int to, int depth, TreeHasher hasher) {
    if (to - from <= Bucket.LEAVES_MAX) {
      return Bucket.of(Arrays.copyOfRange(leaves, BYTES * from, BYTES * to), depth, hasher);
    }
    int middle = split(leaves, from, to, depth);
    return TreeNode.join(
        tree(leaves, from, middle, depth + 1, hasher),
        tree(leaves, middle, to, depth + 1, hasher),
        depth,
        hasher);
  }
}
