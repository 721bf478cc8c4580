package org.quorate.ledger.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.quorate.ledger.crypto.Digest;

/**
 * A subtree of the state tree. Immutable: a change makes new nodes along the way from the root, so
 * whoever holds an old root holds the old tree.
 *
 * <pre>
 * root(no leaf)          = 32 zero bytes
 * root(one leaf)         = leaf = SHA-256(0x00 ‖ path ‖ value digest)    however deep it lies
 * root(two leaves, more) = SHA-256(0x01 ‖ root(next bit 0) ‖ root(next bit 1))
 * </pre>
 *
 * How leaves are gathered in buckets does not show in the hashes. The root's four words lie in the
 * node itself: in a tree of millions, each further object would be another miss of the processor's
 * caches.
 */
abstract sealed class TreeNode permits Bucket, TreeNode.Inner, TreeNode.Unloaded {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long hash0;
  private final long hash1;
  private final long hash2;
  private final long hash3;

  /** The root of the subtree is at {@code offset} of {@code bytes}. */
  TreeNode(byte[] bytes, int offset) {
    hash0 = (long) WORDS.get(bytes, offset);
    hash1 = (long) WORDS.get(bytes, offset + 8);
    hash2 = (long) WORDS.get(bytes, offset + 16);
    hash3 = (long) WORDS.get(bytes, offset + 24);
  }

  /** The root of the subtree is that of another. */
  TreeNode(TreeNode same) {
    hash0 = same.hash0;
    hash1 = same.hash1;
    hash2 = same.hash2;
    hash3 = same.hash3;
  }

  /** The root of the subtree. */
  final Digest hash() {
    byte[] bytes = new byte[Digest.BYTES];
    copyHash(bytes, 0);
    return Digest.of(bytes);
  }

  final void copyHash(byte[] target, int offset) {
    WORDS.set(target, offset, hash0);
    WORDS.set(target, offset + 8, hash1);
    WORDS.set(target, offset + 16, hash2);
    WORDS.set(target, offset + 24, hash3);
  }

  final boolean hasHashOf(TreeNode other) {
    return hash0 == other.hash0
        && hash1 == other.hash1
        && hash2 == other.hash2
        && hash3 == other.hash3;
  }

  /** About how much memory the subtree takes, in bytes. */
  abstract long memoryBytes();

  /** Two leaves or more, in two halves. */
  static final class Inner extends TreeNode {
    private static final long OWN_BYTES = 64;

    private final TreeNode left;
    private final TreeNode right;
    private final long memoryBytes;

    /** The root is at {@code offset} of {@code bytes}. */
    Inner(byte[] bytes, int offset, TreeNode left, TreeNode right) {
      super(bytes, offset);
      this.left = left;
      this.right = right;
      this.memoryBytes = OWN_BYTES + left.memoryBytes() + right.memoryBytes();
    }

    private Inner(Inner same, TreeNode left, TreeNode right) {
      super(same);
      this.left = left;
      this.right = right;
      this.memoryBytes = OWN_BYTES + left.memoryBytes() + right.memoryBytes();
    }

    /** The same subtree with these equal halves: more or less of it in memory. */
    Inner with(TreeNode equalLeft, TreeNode equalRight) {
      return equalLeft == left && equalRight == right
          ? this
          : new Inner(this, equalLeft, equalRight);
    }

    TreeNode left() {
      return left;
    }

    TreeNode right() {
      return right;
    }

    TreeNode child(boolean bit) {
      return bit ? right : left;
    }

    @Override
    long memoryBytes() {
      return memoryBytes;
    }
  }

  /** Two leaves or more that are not in memory. */
  static final class Unloaded extends TreeNode {
    private static final long OWN_BYTES = 48;

    /** What a subtree is read from. */
    enum Source {
      /** The page of its place, sixteen levels below the root. */
      PAGE,
      /** The state itself, whose keys lie in the order of the leaves. */
      STATE
    }

    private final Source source;

    Unloaded(byte[] hash, Source source) {
      super(hash, 0);
      this.source = source;
    }

    Unloaded(TreeNode same, Source source) {
      super(same);
      this.source = source;
    }

    Source source() {
      return source;
    }

    @Override
    long memoryBytes() {
      return OWN_BYTES;
    }
  }

  /** The subtree of two halves at {@code depth}; few leaves become one bucket. */
  static TreeNode join(TreeNode left, TreeNode right, int depth, TreeHasher hasher) {
    if (left instanceof Bucket first
        && right instanceof Bucket second
        && first.size() + second.size() <= Bucket.LEAVES_MAX) {
      return Bucket.join(first, second, depth, hasher);
    }
    return hasher.inner(left, right);
  }
}
