package org.quorate.ledger.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MerkleTreeTest {
  @Test
  void rootAndPathsAreThoseOfTheRecursiveDefinition() {
    for (int size = 0; size <= 70; size++) {
      List<byte[]> leaves = leaves(size);
      assertThat(MerkleTree.root(leaves)).isEqualTo(naiveRoot(leaves));
      for (int index = 0; index < size; index++) {
        List<Digest> path = MerkleTree.path(leaves, index);
        assertThat(path).isEqualTo(naivePath(leaves, index));
        assertThat(MerkleTree.verify(naiveRoot(leaves), size, index, leaves.get(index), path))
            .isTrue();
      }
    }
  }

  @Test
  void pathLeadsFromItsOwnLeafAndPlaceOnly() {
    for (int size = 1; size <= 20; size++) {
      List<byte[]> leaves = leaves(size);
      Digest root = MerkleTree.root(leaves);
      for (int index = 0; index < size; index++) {
        List<Digest> path = MerkleTree.path(leaves, index);
        for (int other = 0; other < size; other++) {
          boolean same = other == index;
          assertThat(MerkleTree.verify(root, size, other, leaves.get(index), path)).isEqualTo(same);
          assertThat(MerkleTree.verify(root, size, index, leaves.get(other), path)).isEqualTo(same);
        }
      }
    }
  }

  @Test
  void pathThatIsTooShortTooLongOrOutsideIsRefused() {
    List<byte[]> leaves = leaves(6);
    Digest root = MerkleTree.root(leaves);
    List<Digest> path = MerkleTree.path(leaves, 2);
    List<Digest> longer = new ArrayList<>(path);
    longer.add(Digest.ZERO);
    assertThat(MerkleTree.verify(root, 6, 2, leaves.get(2), path.subList(0, 2))).isFalse();
    assertThat(MerkleTree.verify(root, 6, 2, leaves.get(2), longer)).isFalse();
    assertThat(MerkleTree.verify(root, 6, -1, leaves.get(2), path)).isFalse();
    assertThat(MerkleTree.verify(root, 6, 6, leaves.get(2), path)).isFalse();
    assertThat(MerkleTree.verify(root, 0, 0, leaves.get(2), path)).isFalse();
    assertThatThrownBy(() -> MerkleTree.path(leaves, 6))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** The forgery that distinct prefixes prevent: an inner node shown as a leaf. */
  @Test
  void innerNodeDoesNotPassForALeaf() {
    List<byte[]> leaves = leaves(4);
    Digest left = naiveRoot(leaves.subList(0, 2));
    Digest right = naiveRoot(leaves.subList(2, 4));
    byte[] inner =
        concat(naiveRoot(leaves.subList(0, 1)).bytes(), naiveRoot(leaves.subList(1, 2)).bytes());
    assertThat(MerkleTree.verify(MerkleTree.root(leaves), 2, 0, inner, List.of(right))).isFalse();
    assertThat(Digest.sha256(new byte[] {1}, inner)).isEqualTo(left);
  }

  private static List<byte[]> leaves(int size) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(new byte[] {(byte) i, (byte) size});
    }
    return leaves;
  }

  /** RFC 6962, §2.1, word for word. */
  private static Digest naiveRoot(List<byte[]> d) {
    if (d.isEmpty()) {
      return Digest.sha256();
    }
    if (d.size() == 1) {
      return Digest.sha256(new byte[] {0}, d.get(0));
    }
    int k = Integer.highestOneBit(d.size() - 1);
    return Digest.sha256(
        new byte[] {1},
        naiveRoot(d.subList(0, k)).bytes(),
        naiveRoot(d.subList(k, d.size())).bytes());
  }

  /** RFC 6962, §2.1.1, word for word. */
  private static List<Digest> naivePath(List<byte[]> d, int m) {
    if (d.size() == 1) {
      return List.of();
    }
    int k = Integer.highestOneBit(d.size() - 1);
    List<Digest> path = new ArrayList<>();
    if (m < k) {
      path.addAll(naivePath(d.subList(0, k), m));
      path.add(naiveRoot(d.subList(k, d.size())));
    } else {
      path.addAll(naivePath(d.subList(k, d.size()), m - k));
      path.add(naiveRoot(d.subList(0, k)));
    }
    return path;
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
