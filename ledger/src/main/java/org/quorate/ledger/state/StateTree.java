package org.quorate.ledger.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.state.Leaves.Change;
import org.quorate.ledger.state.TreeNode.Inner;
import org.quorate.ledger.state.TreeNode.Unloaded;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * The authenticated index of the world state: a sparse Merkle tree over 256-bit paths, in which a
 * subtree of one leaf is that leaf (Dahlberg, Pulls, Peeters, "Efficient Sparse Merkle Trees",
 * 2016; the compression is that of Diem's Jellyfish tree). Its root depends on the contents alone,
 * not on the history.
 *
 * <p>The tree adds little to what is written. The state lies in the store in the order of the
 * tree's leaves, so its lowest levels, the {@link Bucket}s, are read from the state itself. The
 * levels above are kept in pages, each sixteen levels below the root, that are overwritten now and
 * then ({@link ChangedPages}); what was changed since is looked up again when the tree is opened.
 * All of it can be computed from the state, and is, if it is damaged.
 *
 * <p>In memory the nodes are immutable. So much of them is kept as {@link TreeLimits} allow; pages
 * in which nothing was changed for a while are forgotten first.
 *
 * <p>Owned by one thread. After an exception it is ahead of the store and must not be used.
 */
final class StateTree {
  /** Number of pages. */
  private static final int PAGES = 1 << TreeLoader.PAGE_DEPTH;

  /** How many bits of a path the store remembers of a change. */
  private static final int BEGINNING_BITS = 32;

  /** How many pages are looked at after a block for what can be forgotten. */
  private static final int FORGET_STEPS = 8_192;

  /** As many when a whole round has found nothing. */
  private static final int FORGET_STEPS_IN_VAIN = 64;

  /** How many pages that were computed again are written together. */
  private static final int COMPUTED_BATCH = 1_024;

  private final TreeHasher hasher = new TreeHasher();
  private final TreeLoader loader;
  private final TreeLimits limits;
  private final ChangedPages changed;

  /** The pages that were changed since the clock's hand passed them. */
  private final BitSet recent = new BitSet();

  private int hand;

  /** Steps of the hand since it found something to forget. */
  private int stepsInVain;

  /** Steps of the hand since there was memory enough. */
  private int stepsShort;

  /**
   * Whether a whole round of the hand was not enough: then changed pages go as well, and are
   * written before their time.
   */
  private boolean writesBack;

  private TreeNode root = Bucket.EMPTY;

  private StateTree(StoreReader store, TreeLimits limits) {
    this.loader = new TreeLoader(store, hasher);
    this.limits = limits;
    this.changed = new ChangedPages(limits);
  }

  /** The tree of a store that has none yet. */
  static StateTree empty(StoreReader store, TreeLimits limits) {
    return new StateTree(store, limits);
  }

  /**
   * The tree of the state in {@code store}.
   *
   * @throws DamageException if its root is not {@code root}
   */
  static StateTree open(KeyValueStore store, Digest root, TreeLimits limits) {
    StateTree tree = new StateTree(store, limits);
    tree.readPages(store);
    tree.lookUpChanges(store);
    if (!tree.root().equals(root)) {
      tree.computeFromState(store);
    }
    if (!tree.root().equals(root)) {
      throw new DamageException(
          "the store is damaged: the state has the root " + tree.root() + " instead of " + root);
    }
    return tree;
  }

  /** The hash of the whole tree; of an empty one {@link Digest#ZERO}. */
  Digest root() {
    return root.hash();
  }

  /** The whole tree as it is now, whatever is changed later. */
  TreeNode node() {
    return root;
  }

  /**
   * Sets or removes leaves and writes to {@code batch} what the store must know of it. The batch
   * also holds the new state, and must be in the store before the next call.
   *
   * @param changes digests of the values by path, none to remove
   * @param height of the block; heights rise
   */
  Digest update(SortedMap<Digest, Optional<Digest>> changes, long height, Batch batch) {
    List<Change> all = new ArrayList<>(changes.size());
    for (Map.Entry<Digest, Optional<Digest>> change : changes.entrySet()) {
      all.add(new Change(change.getKey(), change.getValue()));
    }
    List<Change> effective = new ArrayList<>(all.size());
    root = update(root, 0, all, effective);
    int[] beginnings = ChangedPages.beginnings(effective);
    for (int beginning : beginnings) {
      recent.set(beginning >>> (BEGINNING_BITS - TreeLoader.PAGE_DEPTH));
    }
    changed.add(height, beginnings, batch);
    BitSet due = changed.takeDue(batch);
    for (int page = due.nextSetBit(0); page >= 0; page = due.nextSetBit(page + 1)) {
      write(page, at(page), batch);
    }
    forget(batch);
    return root();
  }

  /**
   * @param effective gets those changes that change something, in their order
   */
  private TreeNode update(TreeNode node, int depth, List<Change> changes, List<Change> effective) {
    if (changes.isEmpty()) {
      return node;
    }
    TreeNode before =
        node instanceof Unloaded unloaded
            ? loader.load(unloaded, changes.get(0).path(), depth)
            : node;
    if (before instanceof Bucket bucket) {
      int effectiveBefore = effective.size();
      Leaves leaves = Leaves.merge(bucket.leaves(), changes, effective, hasher);
      return effective.size() == effectiveBefore ? bucket : leaves.tree(depth, hasher);
    }
    if (before instanceof Inner inner) {
      int middle = split(changes, depth);
      TreeNode left = update(inner.left(), depth + 1, changes.subList(0, middle), effective);
      TreeNode right =
          update(inner.right(), depth + 1, changes.subList(middle, changes.size()), effective);
      return left.hasHashOf(inner.left()) && right.hasHashOf(inner.right())
          ? inner.with(left, right)
          : TreeNode.join(left, right, depth, hasher);
    }
    return update(before, depth, changes, effective); // a page that is one bucket
  }

  private static int split(List<Change> changes, int depth) {
    int low = 0;
    int high = changes.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (changes.get(middle).path().bit(depth)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The subtree that a page holds. */
  private TreeNode at(int page) {
    TreeNode node = root;
    for (int depth = 0; depth < TreeLoader.PAGE_DEPTH; depth++) {
      if (node instanceof Bucket bucket) {
        return bucket.within(path(page << 16), depth, TreeLoader.PAGE_DEPTH, hasher);
      }
      node = ((Inner) node).child(bit(page, depth));
    }
    return node;
  }

  private static boolean bit(int page, int depth) {
    return (page >>> (TreeLoader.PAGE_DEPTH - 1 - depth) & 1) == 1;
  }

  private static void write(int page, TreeNode node, Batch batch) {
    byte[] key = key(page);
    if (node == Bucket.EMPTY) {
      batch.delete(key);
    } else {
      batch.put(key, TreePage.encoded(node));
    }
  }

  private static byte[] key(int page) {
    return Table.PAGE.key(new byte[] {(byte) (page >>> 8), (byte) page});
  }

  // What is in memory.

  /** Lets the clock's hand go round until so little is in memory as may be. */
  private void forget(Batch batch) {
    int steps = stepsInVain < PAGES ? FORGET_STEPS : FORGET_STEPS_IN_VAIN;
    for (int i = 0; i < steps && root.memoryBytes() > limits.memoryBytesMax(); i++) {
      TreeNode before = root;
      if (recent.get(hand)) {
        recent.clear(hand);
      } else {
        root = forget(root, 0, hand, batch);
      }
      stepsInVain = root == before ? stepsInVain + 1 : 0;
      stepsShort = Math.min(stepsShort + 1, PAGES);
      hand = (hand + 1) % PAGES;
    }
    if (root.memoryBytes() <= limits.memoryBytesMax()) {
      stepsShort = 0;
    } else if (stepsShort >= PAGES) {
      writesBack = true;
    }
  }

  private TreeNode forget(TreeNode node, int depth, int page, Batch batch) {
    if (depth == TreeLoader.PAGE_DEPTH) {
      if (!changed.contains(page)) {
        return unloaded(node, Unloaded.Source.PAGE);
      }
      TreeNode without = withoutBuckets(node);
      if (!writesBack || !(without instanceof Inner)) {
        return without;
      }
      write(page, without, batch);
      changed.written(page);
      return unloaded(without, Unloaded.Source.PAGE);
    }
    if (!(node instanceof Inner inner)) {
      return node;
    }
    return bit(page, depth)
        ? inner.with(inner.left(), forget(inner.right(), depth + 1, page, batch))
        : inner.with(forget(inner.left(), depth + 1, page, batch), inner.right());
  }

  private static TreeNode withoutBuckets(TreeNode node) {
    return node instanceof Inner inner
        ? inner.with(withoutBuckets(inner.left()), withoutBuckets(inner.right()))
        : unloaded(node, Unloaded.Source.STATE);
  }

  /** A single leaf stays: it rises when its sibling goes, and an unloaded one could not. */
  static TreeNode unloaded(TreeNode node, Unloaded.Source from) {
    return node instanceof Unloaded || (node instanceof Bucket bucket && bucket.size() < 2)
        ? node
        : new Unloaded(node, from);
  }

  // Opening.

  private void readPages(StoreReader store) {
    TreeMap<Integer, TreeNode> pages = new TreeMap<>();
    store.scan(
        Table.PAGE.key(),
        (key, value) -> {
          // One that cannot be read shows in the root.
          loader
              .page(value)
              .ifPresent(
                  node ->
                      pages.put(
                          (key[1] & 0xff) << 8 | (key[2] & 0xff),
                          unloaded(node, Unloaded.Source.PAGE)));
          return true;
        });
    root = join(pages, 0, 0, hasher);
  }

  /** The subtree of pages that begins with the page {@code first}. */
  static TreeNode join(
      SortedMap<Integer, TreeNode> pages, int first, int depth, TreeHasher hasher) {
    if (pages.isEmpty()) {
      return Bucket.EMPTY;
    }
    if (depth == TreeLoader.PAGE_DEPTH) {
      return pages.values().iterator().next();
    }
    int middle = first + (PAGES >>> (depth + 1));
    return TreeNode.join(
        join(pages.headMap(middle), first, depth + 1, hasher),
        join(pages.tailMap(middle), middle, depth + 1, hasher),
        depth,
        hasher);
  }

  /** Reads again from the state what was changed and is not in the pages yet. */
  private void lookUpChanges(StoreReader store) {
    TreeSet<Integer> beginnings = new TreeSet<>(Integer::compareUnsigned);
    store.scan(
        Table.CHANGED.key(),
        (key, value) -> {
          // One that cannot be read shows in the root.
          ChangedPages.decode(value)
              .ifPresent(
                  ofBlock -> {
                    changed.restore(Table.CHANGED.height(key), ofBlock);
                    Arrays.stream(ofBlock).forEach(beginnings::add);
                  });
          return true;
        });
    int[] rising = beginnings.stream().mapToInt(Integer::intValue).toArray();
    root = lookUp(root, 0, rising, 0, rising.length);
  }

  private TreeNode lookUp(TreeNode node, int depth, int[] beginnings, int from, int to) {
    if (from == to) {
      return node;
    }
    TreeNode found = lookUpSome(node, depth, beginnings, from, to);
    return depth == TreeLoader.PAGE_DEPTH ? withoutBuckets(found) : found; // they may be many
  }

  private TreeNode lookUpSome(TreeNode node, int depth, int[] beginnings, int from, int to) {
    Digest path = path(beginnings[from]);
    if (node instanceof Unloaded unloaded && unloaded.source() == Unloaded.Source.PAGE) {
      return lookUpSome(loader.page(path).orElseThrow(), depth, beginnings, from, to);
    }
    if (node instanceof Inner inner && depth < BEGINNING_BITS) {
      int middle = from;
      while (middle < to && (beginnings[middle] >>> (BEGINNING_BITS - 1 - depth) & 1) == 0) {
        middle++;
      }
      return TreeNode.join(
          lookUp(inner.left(), depth + 1, beginnings, from, middle),
          lookUp(inner.right(), depth + 1, beginnings, middle, to),
          depth,
          hasher);
    }
    return loader.read(path, depth);
  }

  private static Digest path(int beginning) {
    byte[] path = new byte[Digest.BYTES];
    for (int i = 0; i < Integer.BYTES; i++) {
      path[i] = (byte) (beginning >>> (24 - 8 * i));
    }
    return Digest.of(path);
  }

  /** Computes all pages again; how much of them is in memory meanwhile is bounded. */
  private void computeFromState(KeyValueStore store) {
    TreeMap<Integer, TreeNode> pages = new TreeMap<>();
    Batch old = new Batch();
    store.scan(
        Table.PAGE.key(),
        (key, value) -> {
          old.delete(key);
          return true;
        });
    changed.clear(store, old);
    store.write(old, false);
    OptionalInt from = OptionalInt.of(0);
    while (from.isPresent()) {
      Batch batch = new Batch();
      from =
          loader.compute(
              from.getAsInt(),
              COMPUTED_BATCH,
              (page, node) -> {
                write(page, node, batch);
                pages.put(page, unloaded(node, Unloaded.Source.PAGE));
              });
      store.write(batch, from.isEmpty());
    }
    root = join(pages, 0, 0, hasher);
  }
}
