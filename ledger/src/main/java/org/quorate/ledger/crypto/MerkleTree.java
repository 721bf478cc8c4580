package org.quorate.ledger.crypto;

import java.util.ArrayList;
import java.util.List;

/**
 * The Merkle tree of RFC 6962, §2.1 (RFC 9162, §2.1): {@code leaf = H(0x00 ‖ data)}, {@code node =
 * H(0x01 ‖ left ‖ right)}, split at the largest power of two below the number of leaves. Leaves are
 * never duplicated, and a leaf never passes for a node.
 */
public final class MerkleTree {
  private static final int LEAF = 0;
  private static final int NODE = 1;

  /** The root of no leaves: SHA-256 of nothing. */
  public static final Digest EMPTY_ROOT = Digest.sha256();

  /** The longest path in a tree whose leaves a u32 below 2^31 counts. */
  public static final int PATH_MAX = 31;

  private MerkleTree() {}

  /** The root over the leaves' data, in order. */
  public static Digest root(List<byte[]> leaves) {
    if (leaves.isEmpty()) {
      return EMPTY_ROOT;
    }
    Hasher hasher = new Hasher();
    List<Digest> level = hashLeaves(leaves, hasher);
    while (level.size() > 1) {
      level = parents(level, hasher);
    }
    return level.get(0);
  }

  /**
   * The audit path of the leaf at {@code index}, from its sibling upward (RFC 6962, §2.1.1).
   *
   * @throws IndexOutOfBoundsException if there is no such leaf
   */
  public static List<Digest> path(List<byte[]> leaves, int index) {
    if (index < 0 || index >= leaves.size()) {
      throw new IndexOutOfBoundsException("leaf " + index + " of " + leaves.size());
    }
    List<Digest> path = new ArrayList<>();
    Hasher hasher = new Hasher();
    List<Digest> level = hashLeaves(leaves, hasher);
    for (int at = index; level.size() > 1; at >>>= 1) {
      int sibling = at ^ 1;
      if (sibling < level.size()) {
        path.add(level.get(sibling));
      }
      level = parents(level, hasher);
    }
    return List.copyOf(path);
  }

  /**
   * Whether {@code path} leads from the leaf {@code data} at {@code index} of {@code size} leaves
   * to {@code root}: neither too short nor too long (RFC 9162, §2.1.3.2).
   */
  public static boolean verify(Digest root, int size, int index, byte[] data, List<Digest> path) {
    if (index < 0 || index >= size) {
      return false;
    }
    Hasher hasher = new Hasher();
    Digest hash = leaf(data, hasher);
    int node = index;
    int last = size - 1;
    for (Digest sibling : path) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = node(sibling, hash, hasher);
        while ((node & 1) == 0 && node != 0) {
          node >>>= 1;
          last >>>= 1;
        }
      } else {
        hash = node(hash, sibling, hasher);
      }
      node >>>= 1;
      last >>>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  private static Digest leaf(byte[] data, Hasher hasher) {
    return hasher.add(LEAF).add(data).digest();
  }

  private static Digest node(Digest left, Digest right, Hasher hasher) {
    return hasher.add(NODE).add(left).add(right).digest();
  }

  private static List<Digest> hashLeaves(List<byte[]> leaves, Hasher hasher) {
    List<Digest> hashes = new ArrayList<>(leaves.size());
    for (byte[] leaf : leaves) {
      hashes.add(leaf(leaf, hasher));
    }
    return hashes;
  }

  /**
   * The next level up; a last node without a sibling rises as it is, which is the RFC's split at a
   * power of two.
   */
  private static List<Digest> parents(List<Digest> level, Hasher hasher) {
    List<Digest> parents = new ArrayList<>((level.size() + 1) / 2);
    for (int i = 0; i + 1 < level.size(); i += 2) {
      parents.add(node(level.get(i), level.get(i + 1), hasher));
    }
    if (level.size() % 2 == 1) {
      parents.add(level.get(level.size() - 1));
    }
    return parents;
  }
}
