package org.quorate.ledger.state;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * Whether what a store keeps of the state's tree fits the state. What does not is no loss: the tree
 * is computed again when its root is found wrong.
 */
public final class TreeCheck {
  private static final int PREFIX_BYTES = 2;

  private final StoreReader store;
  private final TreeHasher hasher = new TreeHasher();
  private final TreeLoader loader;
  private final List<String> faults = new ArrayList<>();

  /** The pages that may be behind the state. */
  private final BitSet changed = new BitSet();

  /** The roots of all others that can be read. */
  private final TreeMap<Integer, Digest> roots = new TreeMap<>();

  private TreeCheck(StoreReader store) {
    this.store = store;
    this.loader = new TreeLoader(store, hasher);
  }

  /**
   * What is the first thing that does not fit; empty if all does.
   *
   * @param store whose state is sound
   */
  public static Optional<String> fault(StoreReader store) {
    TreeCheck check = new TreeCheck(store);
    check.readChanged();
    check.readPages();
    check.compare();
    return check.faults.stream().findFirst();
  }

  private void readChanged() {
    store.scan(
        Table.CHANGED.key(),
        (key, value) -> {
          Optional<int[]> beginnings = ChangedPages.decode(value);
          if (key.length != 1 + Long.BYTES || beginnings.isEmpty()) {
            faults.add("an entry of the pages' changes is malformed");
            return true;
          }
          for (int beginning : beginnings.get()) {
            changed.set(beginning >>> TreeLoader.PAGE_DEPTH);
          }
          return true;
        });
  }

  private void readPages() {
    store.scan(
        Table.PAGE.key(),
        (key, value) -> {
          Optional<TreeNode> page =
              key.length == 1 + PREFIX_BYTES ? loader.page(value) : Optional.empty();
          if (page.isEmpty()) {
            faults.add("a page of the state's tree is malformed");
          } else if (!changed.get(page(key))) {
            roots.put(page(key), page.get().hash());
          }
          return true;
        });
  }

  private static int page(byte[] key) {
    return (key[1] & 0xff) << 8 | (key[2] & 0xff);
  }

  private void compare() {
    loader.compute(0, Integer.MAX_VALUE, this::compare);
    if (!roots.isEmpty()) {
      faults.add("a page of the state's tree is one too many: " + name(roots.firstKey()));
    }
  }

  private void compare(int page, TreeNode node) {
    if (changed.get(page)) {
      return;
    }
    Digest root = roots.remove(page);
    if (root == null) {
      faults.add("a page of the state's tree is missing: " + name(page));
    } else if (!root.equals(node.hash())) {
      faults.add("a page of the state's tree does not fit the state: " + name(page));
    }
  }

  private static String name(int page) {
    return "m%04x".formatted(page);
  }
}
