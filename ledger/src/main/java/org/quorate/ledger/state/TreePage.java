package org.quorate.ledger.state;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.state.TreeNode.Inner;
import org.quorate.ledger.state.TreeNode.Unloaded;

/**
 * How a subtree is stored, but for its buckets, which the state itself holds.
 *
 * <pre>
 * page = node
 * node = 0x00                                              no leaf; not the whole page
 *      | 0x01 ‖ fixed[32] path ‖ fixed[32] leaf hash       one leaf
 *      | 0x02 ‖ fixed[32] hash                             two leaves or more, not shown
 *      | 0x03 ‖ node(next bit 0) ‖ node(next bit 1)        two leaves or more
 * </pre>
 */
final class TreePage {
  private static final int EMPTY = 0;
  private static final int LEAF = 1;
  private static final int BUCKET = 2;
  private static final int INNER = 3;
  private static final int PATH_BITS = 8 * Digest.BYTES;

  private TreePage() {}

  /** The bytes of a subtree that has a leaf and was not itself unloaded. */
  static byte[] encoded(TreeNode node) {
    Encoder out = new Encoder();
    encode(node, out);
    return out.toBytes();
  }

  private static void encode(TreeNode node, Encoder out) {
    if (node instanceof Inner inner) {
      out.u8(INNER);
      encode(inner.left(), out);
      encode(inner.right(), out);
    } else if (node instanceof Bucket bucket && bucket.size() < 2) {
      out.u8(bucket.size() == 0 ? EMPTY : LEAF).fixed(bucket.leaves());
    } else {
      out.u8(BUCKET).fixed(node.hash().bytes());
    }
  }

  /**
   * Reads what {@link #encoded} writes of a subtree {@code depth} levels below the root.
   *
   * @return a subtree without its buckets
   */
  static TreeNode decode(Decoder in, int depth, TreeHasher hasher) throws MalformedException {
    TreeNode node = node(in, depth, hasher);
    if (node == Bucket.EMPTY) {
      throw new MalformedException("a page has no leaf");
    }
    return node;
  }

  private static TreeNode node(Decoder in, int depth, TreeHasher hasher) throws MalformedException {
    int kind = in.u8();
    return switch (kind) {
      case EMPTY -> Bucket.EMPTY;
      case LEAF -> Bucket.of(digest(in), digest(in));
      case BUCKET -> new Unloaded(in.fixed(Digest.BYTES), Unloaded.Source.STATE);
      case INNER -> inner(in, depth, hasher);
      default -> throw new MalformedException("no node of a page has the kind " + kind);
    };
  }

  private static TreeNode inner(Decoder in, int depth, TreeHasher hasher)
      throws MalformedException {
    if (depth == PATH_BITS) {
      throw new MalformedException("a page is deeper than a path is long");
    }
    TreeNode left = node(in, depth + 1, hasher);
    TreeNode right = node(in, depth + 1, hasher);
    if (left instanceof Bucket first
        && right instanceof Bucket second
        && first.size() + second.size() < 2) {
      throw new MalformedException("an inner node of a page has less than two leaves");
    }
    return hasher.inner(left, right);
  }

  private static Digest digest(Decoder in) throws MalformedException {
    return Digest.of(in.fixed(Digest.BYTES));
  }
}
