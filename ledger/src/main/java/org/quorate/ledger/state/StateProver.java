package org.quorate.ledger.state;

import java.util.List;
import java.util.SortedSet;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.StatePath;
import org.quorate.ledger.state.TreeNode.Inner;
import org.quorate.ledger.state.TreeNode.Unloaded;

/** Shows what a tree has at some paths, as {@link StatePath} reads it. Owned by one thread. */
final class StateProver {
  private final TreeLoader loader;
  private final TreeHasher hasher;
  private final Encoder out = new Encoder();

  private StateProver(TreeLoader loader, TreeHasher hasher) {
    this.loader = loader;
    this.hasher = hasher;
  }

  /**
   * @param loader reads the store as it was when {@code root} was the tree's
   */
  static ByteString show(
      TreeNode root, SortedSet<Digest> paths, TreeLoader loader, TreeHasher hasher) {
    StateProver prover = new StateProver(loader, hasher);
    prover.show(root, 0, List.copyOf(paths));
    return ByteString.of(prover.out.toBytes());
  }

  private void show(TreeNode node, int depth, List<Digest> paths) {
    if (paths.isEmpty()) {
      out.fixed(node.hash().bytes());
    } else if (node instanceof Unloaded unloaded) {
      show(loader.load(unloaded, paths.get(0), depth), depth, paths);
    } else if (node instanceof Inner inner) {
      out.u8(StatePath.INNER);
      int middle = split(paths, depth);
      show(inner.left(), depth + 1, paths.subList(0, middle));
      show(inner.right(), depth + 1, paths.subList(middle, paths.size()));
    } else if (node instanceof Bucket bucket) {
      show(bucket, 0, bucket.size(), depth, paths);
    }
  }

  /** Of a bucket the leaves from {@code from} to {@code to}, which lie below {@code depth}. */
  private void show(Bucket bucket, int from, int to, int depth, List<Digest> paths) {
    if (paths.isEmpty()) {
      out.fixed(
          from == to ? Digest.ZERO.bytes() : hasher.root(bucket.leaves(), from, to, depth).clone());
    } else if (from == to) {
      out.u8(StatePath.EMPTY);
    } else if (to - from == 1) {
      Digest path = bucket.path(from);
      if (paths.contains(path)) {
        out.u8(StatePath.LEAF);
      } else {
        out.u8(StatePath.OTHER_LEAF).fixed(path.bytes()).fixed(loader.valueDigest(path).bytes());
      }
    } else {
      out.u8(StatePath.INNER);
      int middle = Leaves.split(bucket.leaves(), from, to, depth);
      int middlePath = split(paths, depth);
      show(bucket, from, middle, depth + 1, paths.subList(0, middlePath));
      show(bucket, middle, to, depth + 1, paths.subList(middlePath, paths.size()));
    }
  }

  private static int split(List<Digest> paths, int depth) {
    int middle = 0;
    while (middle < paths.size() && !paths.get(middle).bit(depth)) {
      middle++;
    }
    return middle;
  }
}
