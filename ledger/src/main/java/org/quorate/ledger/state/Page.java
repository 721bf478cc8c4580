package org.quorate.ledger.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hasher;

/**
 * Some levels of the state tree in one piece: the subtrees, by the next bits of the path, below one
 * inner node. The lower part of the tree is kept in pages of four levels, which are stored like
 * this; the top sixteen levels are one large page that lives in memory only.
 *
 * <pre>
 * page = u16 leaves, u16 inners, for each slot in order that has its bit in one of them:
 *        leaf: fixed[32] path fixed[32] value digest; inner: fixed[32] hash
 * </pre>
 *
 * Bit i (least significant first) stands for slot i; a slot without a bit is empty.
 */
final class Page implements Encodable {
  /** Slots of the pages that are stored. */
  static final int SLOTS = 16;

  /**
   * A binary heap: 1 is the root, the children of i are 2i and 2i+1, the upper half the slots. Null
   * is empty: the largest page is made in an instant.
   */
  private final @Nullable Subtree[] nodes;

  /** The pages below the slots that are inner, as far as they are in memory. */
  private final @Nullable Page[] children;

  /** The slots that were replaced since the last fold, in rising order. */
  private int[] touched = new int[4];

  private int touchedCount;

  Page(int slots) {
    nodes = new Subtree[2 * slots];
    children = new Page[slots];
  }

  Subtree slot(int index) {
    return node(children.length + index);
  }

  private Subtree node(int index) {
    Subtree node = nodes[index];
    return node == null ? Subtree.EMPTY : node;
  }

  @Nullable Page child(int index) {
    return children[index];
  }

  void keep(int index, @Nullable Page child) {
    children[index] = child;
  }

  /** Forgets all pages below. */
  void forgetChildren() {
    Arrays.fill(children, null);
  }

  /**
   * Replaces a slot, in rising order of slots between two folds; {@link #root} is out of date until
   * {@link #fold}.
   */
  void replace(int index, Subtree subtree) {
    nodes[children.length + index] = subtree;
    if (touchedCount == touched.length) {
      touched = Arrays.copyOf(touched, 2 * touchedCount);
    }
    touched[touchedCount++] = children.length + index;
  }

  /** Joins again what changed, level by level and each node once, and returns the root. */
  Subtree fold(Hasher hasher) {
    while (touchedCount > 0 && touched[0] > 1) {
      int parents = 0;
      for (int i = 0; i < touchedCount; i++) {
        int parent = touched[i] >>> 1;
        if (parents == 0 || touched[parents - 1] != parent) {
          nodes[parent] = Subtree.join(node(2 * parent), node(2 * parent + 1), hasher);
          touched[parents++] = parent;
        }
      }
      touchedCount = parents;
    }
    touchedCount = 0;
    return node(1);
  }

  @Override
  public void encode(Encoder out) {
    int leaves = 0;
    int inners = 0;
    for (int i = 0; i < SLOTS; i++) {
      leaves |= slot(i) instanceof Subtree.Leaf ? 1 << i : 0;
      inners |= slot(i) instanceof Subtree.Inner ? 1 << i : 0;
    }
    out.u16(leaves).u16(inners);
    for (int i = 0; i < SLOTS; i++) {
      if (slot(i) instanceof Subtree.Leaf leaf) {
        out.fixed(leaf.path().bytes()).fixed(leaf.value().bytes());
      } else if (slot(i) instanceof Subtree.Inner inner) {
        out.fixed(inner.hash().bytes());
      }
    }
  }

  /** Reads what {@link #encode} writes, and folds it. */
  static Page decode(Decoder in, Hasher hasher) throws MalformedException {
    int leaves = in.u16();
    int inners = in.u16();
    if ((leaves & inners) != 0) {
      throw new MalformedException("a slot of a page is a leaf and an inner node");
    }
    Page page = new Page(SLOTS);
    for (int i = 0; i < SLOTS; i++) {
      if ((leaves >>> i & 1) == 1) {
        page.replace(i, Subtree.leaf(digest(in), digest(in), hasher));
      } else if ((inners >>> i & 1) == 1) {
        page.replace(i, new Subtree.Inner(digest(in)));
      }
    }
    page.fold(hasher);
    return page;
  }

  private static Digest digest(Decoder in) throws MalformedException {
    return Digest.of(in.fixed(Digest.BYTES));
  }

  /** The subtree below the inner node that this page stands for. */
  Subtree root() {
    return node(1);
  }
}
