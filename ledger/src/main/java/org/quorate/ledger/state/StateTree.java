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
 * <p>Only the present tree is kept, in {@link Page}s that are stored under their place in it and
 * overwritten; so the store grows with the state and not with the chain. A page is checked against
 * its parent's hash when it is read. At most {@value #PAGES_MAX} pages stay in memory after an
 * update.
 *
 * <p>Owned by one thread. After an exception it is ahead of the store and must not be used.
 */
final class StateTree {
  static final int PAGES_MAX = 16_384;

  /** Pages of the first four levels of pages are kept when memory is full: 4,369 at the most. */
  private static final int LEVELS_KEPT = 3;

  private final StoreReader store;
  private final Hasher hasher = new Hasher();
  private final Page top;
  private int pagesRead;

  /** The leaf at {@code path} gets {@code value}, or goes if there is none. */
  private record Change(Digest path, Optional<Digest> value) {}

  private StateTree(StoreReader store, Page top) {
    this.store = store;
    this.top = top;
  }

  /** The tree of a store that has none yet. */
  static StateTree empty(StoreReader store) {
    return new StateTree(store, new Page());
  }

  /**
   * The tree in {@code store}.
   *
   * @throws StorageException if its root is not {@code root}
   */
  static StateTree open(StoreReader store, Digest root) {
    return new StateTree(store, read(store, key(Digest.ZERO, 0), root, new Hasher()));
  }

  /** The hash of the whole tree; of an empty one {@link Digest#ZERO}. */
  Digest root() {
    return top.root().hash();
  }

  /**
   * Sets or removes leaves and writes the pages that changed to {@code batch}. Each node is hashed
   * once, however many leaves below it changed.
   *
   * @param changes digests of the values by path, none to remove
   */
  Digest update(SortedMap<Digest, Optional<Digest>> changes, Batch batch) {
    List<Change> all = new ArrayList<>(changes.size());
    for (Map.Entry<Digest, Optional<Digest>> change : changes.entrySet()) {
      all.add(new Change(change.getKey(), change.getValue()));
    }
    if (!all.isEmpty()) {
      update(top, 0, all, batch);
    }
    // Even of a tree that stays empty: a store without this page is damaged.
    batch.put(key(Digest.ZERO, 0), top.encoded());
    if (pagesRead > PAGES_MAX) {
      pagesRead = top.forgetBelow(LEVELS_KEPT);
    }
    return root();
  }

  /** Changes the page at {@code depth} nibbles of the path, which all changes have in common. */
  private Subtree update(Page page, int depth, List<Change> changes, Batch batch) {
    int from = 0;
    while (from < changes.size()) {
      int nibble = changes.get(from).path().nibble(depth);
      int to = from + 1;
      while (to < changes.size() && changes.get(to).path().nibble(depth) == nibble) {
        to++;
      }
      page.replace(nibble, slot(page, nibble, depth + 1, changes.subList(from, to), batch));
      from = to;
    }
    return page.fold(hasher);
  }

  /** What becomes of the slot of {@code parent} at {@code depth}. */
  private Subtree slot(Page parent, int nibble, int depth, List<Change> changes, Batch batch) {
    Subtree before = parent.slot(nibble);
    byte[] key = key(changes.get(0).path(), depth);
    Page page;
    if (before instanceof Subtree.Inner inner) {
      page = child(parent, nibble, key, inner);
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
      page = new Page();
      pagesRead++;
    }
    Subtree after = update(page, depth, changes, batch);
    if (after instanceof Subtree.Inner) {
      parent.keep(nibble, page);
      batch.put(key, page.encoded());
    } else {
      parent.keep(nibble, null);
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

  private Page child(Page parent, int nibble, byte[] key, Subtree.Inner inner) {
    Page child = parent.child(nibble);
    if (child == null) {
      child = read(store, key, inner.hash(), hasher);
      pagesRead++;
    }
    return child;
  }

  private static Page read(StoreReader store, byte[] key, Digest hash, Hasher hasher) {
    byte[] bytes =
        store
            .get(key)
            .orElseThrow(
                () -> new StorageException("the store is damaged: a page of the state is missing"));
    try {
      Page page = Decoder.decode(bytes, in -> Page.decode(in, hasher));
      if (!page.root().hash().equals(hash)) {
        throw new StorageException(
            "the store is damaged: a page of the state has the hash "
                + page.root().hash()
                + " instead of "
                + hash);
      }
      return page;
    } catch (MalformedException e) {
      throw new StorageException("the store is damaged: a page of the state is malformed", e);
    }
  }

  /** The page's key: {@code u8 depth}, then as many nibbles of the path, padded with zero bits. */
  private static byte[] key(Digest path, int depth) {
    byte[] place = new byte[1 + (depth + 1) / 2];
    place[0] = (byte) depth;
    for (int i = 0; i < depth; i++) {
      place[1 + i / 2] |= (byte) (path.nibble(i) << (i % 2 == 0 ? 4 : 0));
    }
    return Table.TREE.key(place);
  }
}
