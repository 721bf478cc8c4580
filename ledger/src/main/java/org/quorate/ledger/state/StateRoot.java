package org.quorate.ledger.state;

import java.util.TreeMap;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.state.TreeNode.Unloaded;

/**
 * The root of a state, computed from its entries alone. Of them only those of one page are in
 * memory at a time. Owned by one thread.
 */
public final class StateRoot {
  private final TreeHasher hasher = new TreeHasher();
  private final TreeMap<Integer, TreeNode> pages = new TreeMap<>();
  private Leaves leaves = new Leaves(Bucket.LEAVES_MAX);
  private int page;

  /**
   * Adds an entry.
   *
   * @param path of its key, above that of the one before
   */
  public void add(Digest path, StateEntry entry) {
    byte[] bytes = path.bytes();
    int next = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    if (next != page) {
      endPage();
      page = next;
    }
    leaves.add(path, hasher.leaf(path, hasher.digest(entry.value().bytes())));
  }

  private void endPage() {
    if (leaves.size() > 0) {
      TreeNode node = leaves.tree(TreeLoader.PAGE_DEPTH, hasher);
      pages.put(page, StateTree.unloaded(node, Unloaded.Source.PAGE));
      leaves = new Leaves(Bucket.LEAVES_MAX);
    }
  }

  /** The root of all that was added; nothing may be added afterwards. */
  public Digest root() {
    endPage();
    return StateTree.join(pages, 0, 0, hasher).hash();
  }
}
