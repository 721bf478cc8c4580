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
 * Four levels of the state tree in one piece: the sixteen subtrees, by the next four bits of the
 * path, below one inner node. Pages are what the store keeps: a sixteenth of the reads of a tree of
 * single nodes, without the size of larger pages.
 *
 * <pre>
 * page = u16 leaves, u16 inners, for each slot in order that has its bit in one of them:
 *        leaf: fixed[32] path fixed[32] value digest; inner: fixed[32] hash
 * </pre>
 *
 * Bit i (least significant first) stands for slot i; a slot without a bit is empty.
 */
final class Page implements Encodable {
  static final int SLOTS = 16;

  /** A binary heap: 1 is the root, the children of i are 2i and 2i+1, 16 to 31 are the slots. */
  private final Subtree[] nodes = new Subtree[2 * SLOTS];

  /** The pages below the slots that are inner, as far as they are in memory. */
  private final @Nullable Page[] children = new Page[SLOTS];

  /** Bit i: node i must be joined again, because something below it changed. */
  private int stale;

  Page() {
    Arrays.fill(nodes, Subtree.EMPTY);
  }

  Subtree slot(int nibble) {
    return nodes[SLOTS + nibble];
  }

  @Nullable Page child(int nibble) {
    return children[nibble];
  }

  void keep(int nibble, @Nullable Page child) {
    children[nibble] = child;
  }

  /** Replaces a slot; {@link #root} is out of date until {@link #fold}. */
  void replace(int nibble, Subtree subtree) {
    int node = SLOTS + nibble;
    nodes[node] = subtree;
    for (node >>>= 1; node > 0; node >>>= 1) {
      stale |= 1 << node;
    }
  }

  /** Joins again what changed, each node once, and returns the root. */
  Subtree fold(Hasher hasher) {
    for (int node = SLOTS - 1; node > 0; node--) {
      if ((stale >>> node & 1) == 1) {
        nodes[node] = Subtree.join(nodes[2 * node], nodes[2 * node + 1], hasher);
      }
    }
    stale = 0;
    return nodes[1];
  }

  /** Forgets the pages that are more than {@code levels} below; returns how many are left. */
  int forgetBelow(int levels) {
    int left = 1;
    for (int i = 0; i < SLOTS; i++) {
      Page child = children[i];
      if (child != null) {
        if (levels == 0) {
          children[i] = null;
        } else {
          left += child.forgetBelow(levels - 1);
        }
      }
    }
    return left;
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
    Page page = new Page();
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
    return nodes[1];
  }
}
