package org.quorate.ledger.state;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.state.TreeNode.Unloaded;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * Reads subtrees that are not in memory, each checked against the hash that its parent knows. Owned
 * by one thread.
 */
final class TreeLoader {
  /** Levels of the tree above the pages. */
  static final int PAGE_DEPTH = 16;

  private final StoreReader store;
  private final TreeHasher hasher;

  TreeLoader(StoreReader store, TreeHasher hasher) {
    this.store = store;
    this.hasher = hasher;
  }

  /**
   * The subtree at the first {@code depth} bits of {@code path}. A page that is damaged is computed
   * again from the state.
   *
   * @throws DamageException if the state is not what the hash says
   */
  TreeNode load(Unloaded node, Digest path, int depth) {
    if (node.source() == Unloaded.Source.PAGE) {
      Optional<TreeNode> page = page(path);
      if (page.isPresent() && page.get().hasHashOf(node)) {
        return page.get();
      }
    }
    TreeNode read = read(path, depth);
    if (!read.hasHashOf(node)) {
      throw new DamageException(
          "the store is damaged: the state below the first "
              + depth
              + " bits of "
              + path
              + " has the root "
              + read.hash()
              + " instead of "
              + node.hash());
    }
    return read;
  }

  /** The page that {@code path} leads to, if it is there and can be read. */
  Optional<TreeNode> page(Digest path) {
    return store.get(Table.PAGE.key(Arrays.copyOf(path.bytes(), 2))).flatMap(this::page);
  }

  /** The page of these bytes; empty if they are none. */
  Optional<TreeNode> page(byte[] bytes) {
    try {
      return Optional.of(Decoder.decode(bytes, in -> TreePage.decode(in, PAGE_DEPTH, hasher)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** The subtree at the first {@code depth} bits of {@code path}, as the state is. */
  TreeNode read(Digest path, int depth) {
    Leaves leaves = new Leaves(2 * Bucket.LEAVES_MAX);
    scan(
        path,
        depth,
        (key, value) -> {
          add(key, value, leaves);
          return true;
        });
    return leaves.tree(depth, hasher);
  }

  /** Takes pages in rising order. */
  interface PageSink {
    void take(int page, TreeNode node);
  }

  /**
   * Computes the next pages that the state has anything for, and reads each entry once.
   *
   * @param from the first page that may be one
   * @param countMax so many at most, 1 or more
   * @return the page to go on from; empty if there are no more
   */
  OptionalInt compute(int from, int countMax, PageSink sink) {
    PageScan scan = new PageScan(countMax, sink);
    byte[] first = {(byte) (from >>> 8), (byte) from};
    store.scan(Table.STATE.key(), Table.STATE.key(first), scan);
    return scan.end();
  }

  private final class PageScan implements StoreReader.Visitor {
    private final PageSink sink;
    private int countLeft;
    private int page;
    private Leaves leaves = new Leaves(Bucket.LEAVES_MAX);
    private OptionalInt next = OptionalInt.empty();

    PageScan(int countMax, PageSink sink) {
      this.countLeft = countMax;
      this.sink = sink;
    }

    @Override
    public boolean visit(byte[] key, byte[] value) {
      int its = pageOf(path(key));
      if (its != page) {
        give();
        page = its;
        if (countLeft == 0) {
          next = OptionalInt.of(its);
          return false;
        }
      }
      add(key, value, leaves);
      return true;
    }

    private void give() {
      if (leaves.size() > 0) {
        sink.take(page, leaves.tree(PAGE_DEPTH, hasher));
        leaves = new Leaves(Bucket.LEAVES_MAX);
        countLeft--;
      }
    }

    OptionalInt end() {
      give();
      return next;
    }
  }

  /** The number of the page that holds {@code path}. */
  static int pageOf(Digest path) {
    return path.beginning() >>> (Integer.SIZE - PAGE_DEPTH);
  }

  /** Visits what the state has at the first {@code depth} bits of {@code path}. */
  void scan(Digest path, int depth, StoreReader.Visitor visitor) {
    byte[] first = new byte[(depth + 7) / 8];
    System.arraycopy(path.bytes(), 0, first, 0, first.length);
    if (depth % 8 != 0) {
      first[first.length - 1] &= (byte) (0xff << (8 - depth % 8));
    }
    byte[] prefix = Table.STATE.key(Arrays.copyOf(first, depth / 8));
    store.scan(
        prefix,
        Table.STATE.key(first),
        (key, value) -> sameBits(key, first, depth) && visitor.visit(key, value));
  }

  /** The digest of the value at {@code path}, where there is one. */
  Digest valueDigest(Digest path) {
    byte[] bytes =
        store
            .get(Table.STATE.key(path.bytes()))
            .orElseThrow(() -> new DamageException("the store is damaged: no state at " + path));
    return hasher.digest(entry(path, bytes).value().bytes());
  }

  /** What the state has at {@code path}. */
  static StateEntry entry(Digest path, byte[] bytes) {
    try {
      return Decoder.decode(bytes, StateEntry::decode);
    } catch (MalformedException e) {
      throw new DamageException("the store is damaged: the state at " + path + " is malformed", e);
    }
  }

  /** The path that a key of the state is. */
  static Digest path(byte[] key) {
    if (key.length != 1 + Digest.BYTES) {
      throw new DamageException("the store is damaged: a key of the state is no path");
    }
    return Digest.of(key, 1);
  }

  /** Adds the leaf of an entry of the state. */
  void add(byte[] key, byte[] value, Leaves leaves) {
    Digest path = path(key);
    Digest digest = hasher.digest(entry(path, value).value().bytes());
    leaves.add(path, hasher.leaf(path, digest));
  }

  /** Whether the key, whose whole bytes are known to be the same, has the last bits too. */
  private static boolean sameBits(byte[] key, byte[] first, int depth) {
    return depth % 8 == 0
        || (key.length > first.length
            && ((key[first.length] ^ first[first.length - 1]) & 0xff) >>> (8 - depth % 8) == 0);
  }
}
