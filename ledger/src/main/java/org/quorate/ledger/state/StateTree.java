package org.quorate.ledger.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hasher;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * The authenticated index of the world state: a sparse Merkle tree over 256-bit paths, in which a
 * subtree of one leaf is that leaf (Dahlberg, Pulls, Peeters, "Efficient Sparse Merkle Trees",
 * 2016; the compression is that of Diem's Jellyfish tree). Its shape, and so its root, depends on
 * the contents alone, not on the history.
 *
 * <p>Only the present tree is kept. Of its top sixteen levels the store has the lowest, one entry
 * for each of up to 65,536 subtrees, from which the rest is computed when the tree is opened: so a
 * change writes one small entry there, and not a path of large ones. Below lie {@link Page}s under
 * their place in the tree. All are overwritten; so the store grows with the state and not with the
 * chain. A page is checked against its parent's hash when it is read. At most {@value #PAGES_MAX}
 * pages stay in memory after an update.
 *
 * <p>Owned by one thread. After an exception it is ahead of the store and must not be used.
 */
final class StateTree {
  static final int PAGES_MAX = 16_384;

  /** Half-bytes of the path above the pages. */
  private static final int TOP_DEPTH = 4;

  private final StoreReader store;
  private final Hasher hasher = new Hasher();
  private final Page top;
  private int pagesInMemory;

  /** The leaf at {@code path} gets {@code value}, or goes if there is none. */
  private record Change(Digest path, Optional<Digest> value) {}

  private StateTree(StoreReader store, Page top) {
    this.store = store;
    this.top = top;
  }

  /** The tree of a store that has none yet. */
  static StateTree empty(StoreReader store) {
    return new StateTree(store, new Page(1 << (4 * TOP_DEPTH)));
  }

  /**
   * The tree in {@code store}.
   *
   * @throws StorageException if its root is not {@code root}
   */
  static StateTree open(StoreReader store, Digest root) {
    StateTree tree = empty(store);
    store.scan(
        Table.SUBTREE.key(),
        (key, value) -> {
          int index = (key[1] & 0xff) << 8 | (key[2] & 0xff);
          tree.top.replace(index, decode(value, in -> Subtree.decode(in, tree.hasher)));
          return true;
        });
    tree.top.fold(tree.hasher);
    if (!tree.root().equals(root)) {
      throw new StorageException(
          "the store is damaged: the state has the root " + tree.root() + " instead of " + root);
    }
    return tree;
  }

  /** The hash of the whole tree; of an empty one {@link Digest#ZERO}. */
  Digest root() {
    return top.root().hash();
  }

  /**
   * Sets or removes leaves and writes what changed of the tree to {@code batch}. Each node is
   * hashed once, however many leaves below it changed.
   *
   * @param changes digests of the values by path, none to remove
   */
  Digest update(SortedMap<Digest, Optional<Digest>> changes, Batch batch) {
    List<Change> all = new ArrayList<>(changes.size());
    for (Map.Entry<Digest, Optional<Digest>> change : changes.entrySet()) {
      all.add(new Change(change.getKey(), change.getValue()));
    }
    update(top, 0, TOP_DEPTH, all, batch);
    if (pagesInMemory > PAGES_MAX) {
      top.forgetChildren();
      pagesInMemory = 0;
    }
    return root();
  }

  /**
   * Changes the page between {@code depth} and {@code below} half-bytes of the path; all changes
   * have the first {@code depth} in common.
   */
  private Subtree update(Page page, int depth, int below, List<Change> changes, Batch batch) {
    int from = 0;
    while (from < changes.size()) {
      int index = index(changes.get(from).path(), depth, below);
      int to = from + 1;
      while (to < changes.size() && index(changes.get(to).path(), depth, below) == index) {
        to++;
      }
      Subtree after = slot(page, index, below, changes.subList(from, to), batch);
      page.replace(index, after);
      if (below == TOP_DEPTH) {
        byte[] key = Table.SUBTREE.key(new byte[] {(byte) (index >>> 8), (byte) index});
        if (after instanceof Subtree.Empty) {
          batch.delete(key);
        } else {
          batch.put(key, Subtree.encoded(after));
        }
      }
      from = to;
    }
    return page.fold(hasher);
  }

  private static int index(Digest path, int from, int to) {
    int index = 0;
    for (int i = from; i < to; i++) {
      index = index << 4 | path.nibble(i);
    }
    return index;
  }

  /** What becomes of the slot of {@code parent} at {@code depth}. */
  private Subtree slot(Page parent, int index, int depth, List<Change> changes, Batch batch) {
    Subtree before = parent.slot(index);
    byte[] key = key(changes.get(0).path(), depth);
    Page page;
    if (before instanceof Subtree.Inner inner) {
      page = child(parent, index, key, inner);
    } else {
      List<Change> leaves = leaves(before, changes);
      if (leaves.isEmpty()) {
        return Subtree.EMPTY;
      }
      if (leaves.size() == 1) {
        Change leaf = leaves.get(0);
        return Subtree.leaf(leaf.path(), leaf.value().orElseThrow(), hasher);
      }
      changes = leaves;
      page = new Page(Page.SLOTS);
      pagesInMemory++;
    }
    Subtree after = update(page, depth, depth + 1, changes, batch);
    if (after instanceof Subtree.Inner) {
      parent.keep(index, page);
      batch.put(key, page.encoded());
    } else {
      parent.keep(index, null);
      batch.delete(key);
    }
    return after;
  }

  /** The leaves that an empty slot or a single leaf becomes, as changes of an empty subtree. */
  private static List<Change> leaves(Subtree before, List<Change> changes) {
    List<Change> leaves = new ArrayList<>(changes.size() + 1);
    boolean placed = !(before instanceof Subtree.Leaf);
    for (Change change : changes) {
      if (!placed && before instanceof Subtree.Leaf leaf) {
        int order = leaf.path().compareTo(change.path());
        if (order < 0) {
          leaves.add(new Change(leaf.path(), Optional.of(leaf.value())));
        }
        placed = order <= 0;
      }
      if (change.value().isPresent()) {
        leaves.add(change);
      }
    }
    if (!placed && before instanceof Subtree.Leaf leaf) {
      leaves.add(new Change(leaf.path(), Optional.of(leaf.value())));
    }
    return leaves;
  }

  private Page child(Page parent, int index, byte[] key, Subtree.Inner inner) {
    Page child = parent.child(index);
    if (child == null) {
      child = read(key, inner.hash());
      pagesInMemory++;
    }
    return child;
  }

  private Page read(byte[] key, Digest hash) {
    byte[] bytes =
        store
            .get(key)
            .orElseThrow(
                () -> new StorageException("the store is damaged: a page of the state is missing"));
    Page page = decode(bytes, in -> Page.decode(in, hasher));
    if (!page.root().hash().equals(hash)) {
      throw new StorageException(
          "the store is damaged: a page of the state has the hash "
              + page.root().hash()
              + " instead of "
              + hash);
    }
    return page;
  }

  private static <T> T decode(byte[] bytes, Decoder.Reader<T> reader) {
    try {
      return Decoder.decode(bytes, reader);
    } catch (MalformedException e) {
      throw new StorageException("the store is damaged: a part of the state is malformed", e);
    }
  }

  /** The page's key: {@code u8 depth}, then as many nibbles of the path, padded with zero bits. */
  private static byte[] key(Digest path, int depth) {
    byte[] place = new byte[1 + (depth + 1) / 2];
    place[0] = (byte) depth;
    for (int i = 0; i < depth; i++) {
      place[1 + i / 2] |= (byte) (path.nibble(i) << (i % 2 == 0 ? 4 : 0));
    }
    return Table.PAGE.key(place);
  }
}
