package org.quorate.ledger.state;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.store.StoreReader;

/**
 * The state after one block, with its tree, whatever is executed later. May be used by any thread,
 * as long as its store may.
 */
public final class StateView {
  private final StoreReader store;
  private final TreeNode root;
  private final int changes;

  /**
   * @param store as it was when {@code root} was the tree's
   * @param changes what the block before changed
   */
  StateView(StoreReader store, TreeNode root, int changes) {
    this.store = store;
    this.root = root;
    this.changes = changes;
  }

  /** How many values the block changed after which the state is this. */
  public int changes() {
    return changes;
  }

  /** The root of the state. */
  public Digest root() {
    return root.hash();
  }

  /** The values of the keys of transactions, none where one is absent. */
  public SortedMap<ByteString, Optional<ByteString>> values(Collection<ByteString> keys) {
    TreeMap<ByteString, Optional<ByteString>> values = new TreeMap<>();
    keys.forEach(key -> values.put(key, WorldState.value(store, key)));
    return values;
  }

  /** What leads from those values to the root, as {@link org.quorate.ledger.proof.StatePath}. */
  public ByteString path(Collection<ByteString> keys) {
    TreeSet<Digest> paths = new TreeSet<>();
    keys.forEach(key -> paths.add(Namespace.APPLICATION.path(key)));
    TreeHasher hasher = new TreeHasher();
    return StateProver.show(root, paths, new TreeLoader(store, hasher), hasher);
  }
}
