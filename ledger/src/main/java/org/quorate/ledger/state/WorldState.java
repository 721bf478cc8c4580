package org.quorate.ledger.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hasher;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * The state that the chain's transactions make: values by key, and the clients' replay windows,
 * both under one root.
 *
 * <pre>
 * namespaced key = 0x00 ‖ key of a transaction            value as written
 *                | 0x01 ‖ client's public key             value: its replay window
 * path = SHA-256(namespaced key), value digest = SHA-256(value), in the tree of {@link StateTree}
 * </pre>
 *
 * Owned by one thread; the static reads are for any thread. After an exception it is ahead of the
 * store and must not be used.
 */
public final class WorldState {
  private final StoreReader store;
  private final StateTree tree;
  private final TreeMap<PublicKey, ReplayWindow> windows;
  private final Hasher hasher = new Hasher();

  /** Leaves that the last block wrote. */
  private int changes;

  private WorldState(
      StoreReader store, StateTree tree, SortedMap<PublicKey, ReplayWindow> windows) {
    this.store = store;
    this.tree = tree;
    this.windows = new TreeMap<>(windows);
  }

  /**
   * The state before the first block, written to {@code batch}.
   *
   * @param store holds no state yet
   * @param limits of its index
   */
  public static WorldState create(
      KeyValueStore store,
      SortedMap<ByteString, ByteString> entries,
      TreeLimits limits,
      Batch batch) {
    WorldState state =
        new WorldState(store, StateTree.empty(store, limits), Collections.emptySortedMap());
    Overlay overlay = new Overlay(key -> Optional.empty());
    entries.forEach((key, value) -> overlay.put(Namespace.APPLICATION.key(key.bytes()), value));
    state.write(overlay, 0, batch);
    return state;
  }

  /**
   * The state in {@code store}.
   *
   * @param clients who may have used a nonce
   * @throws DamageException if it is damaged or its root is not {@code root}
   */
  public static WorldState open(
      KeyValueStore store, ClientSet clients, TreeLimits limits, Digest root) {
    return new WorldState(
        store, StateTree.open(store, root, limits), replayWindows(store, clients));
  }

  /** The root after the last block. */
  public Digest root() {
    return tree.root();
  }

  /**
   * Executes the transactions in order and writes what they change to {@code batch}, which must be
   * in the store before the next call.
   *
   * @param height of their block
   * @return a receipt for each
   * @throws AssertionError if a nonce is not fresh: consensus orders no such transaction
   */
  public List<Receipt> execute(List<Transaction> transactions, long height, Batch batch) {
    Overlay overlay = new Overlay(this::stored);
    List<Receipt> receipts = new ArrayList<>(transactions.size());
    TreeMap<PublicKey, ReplayWindow> moved = new TreeMap<>();
    for (Transaction transaction : transactions) {
      receipts.add(Execution.run(transaction, overlay));
      moved.put(transaction.client(), use(transaction));
    }
    moved.forEach(
        (client, window) ->
            overlay.put(
                Namespace.REPLAY_WINDOWS.key(client.bytes()), ByteString.of(window.encoded())));
    write(overlay, height, batch);
    return List.copyOf(receipts);
  }

  /**
   * The state as it is now.
   *
   * @param snapshot the store as it is now, which outlives the view
   */
  public StateView view(StoreReader snapshot) {
    return new StateView(snapshot, tree.node(), changes);
  }

  private ReplayWindow use(Transaction transaction) {
    ReplayWindow window = windows.getOrDefault(transaction.client(), ReplayWindow.EMPTY);
    if (window.freshness(transaction.nonce()) != ReplayWindow.Freshness.FRESH) {
      throw new AssertionError(
          "the nonce " + transaction.nonce() + " of " + transaction.client() + " is not fresh");
    }
    ReplayWindow next = window.with(transaction.nonce());
    windows.put(transaction.client(), next);
    return next;
  }

  private void write(Overlay overlay, long height, Batch batch) {
    TreeMap<Digest, Optional<Digest>> leaves = new TreeMap<>();
    for (Map.Entry<ByteString, Optional<ByteString>> write : overlay.writes().entrySet()) {
      ByteString key = write.getKey();
      Optional<ByteString> value = write.getValue();
      Digest path = hasher.add(key.bytes()).digest();
      leaves.put(path, value.map(present -> hasher.add(present.bytes()).digest()));
      byte[] storeKey = Table.STATE.key(path.bytes());
      value.ifPresentOrElse(
          present -> batch.put(storeKey, new StateEntry(key, present).encoded()),
          () -> batch.delete(storeKey));
    }
    changes = leaves.size();
    tree.update(leaves, height, batch);
  }

  private Optional<ByteString> stored(ByteString namespacedKey) {
    return stored(store, namespacedKey);
  }

  private static Optional<ByteString> stored(StoreReader store, ByteString namespacedKey) {
    Digest path = StateEntry.path(namespacedKey);
    Optional<byte[]> bytes = store.get(Table.STATE.key(path.bytes()));
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    StateEntry entry = TreeLoader.entry(path, bytes.get());
    if (!entry.key().equals(namespacedKey)) {
      throw new DamageException("the store is damaged: the state at " + path + " is another key's");
    }
    return Optional.of(entry.value());
  }

  /** The value at a transaction's key. */
  public static Optional<ByteString> value(StoreReader store, ByteString key) {
    return stored(store, Namespace.APPLICATION.key(key.bytes()));
  }

  /**
   * Reads so many bytes of the state, from an entry's path on, and at least one entry.
   *
   * @return where to go on; empty after the last entry
   * @throws DamageException if an entry is malformed or out of place
   */
  public static Optional<Digest> readOn(StoreReader store, Digest from, long bytes) {
    Reading reading = new Reading(bytes);
    store.scan(Table.STATE.key(), Table.STATE.key(from.bytes()), reading);
    return reading.next;
  }

  private static final class Reading implements StoreReader.Visitor {
    private long bytesLeft;
    private Optional<Digest> next = Optional.empty();

    Reading(long bytes) {
      this.bytesLeft = bytes;
    }

    @Override
    public boolean visit(byte[] key, byte[] value) {
      Digest path = TreeLoader.path(key);
      if (bytesLeft <= 0) {
        next = Optional.of(path);
        return false;
      }
      bytesLeft -= key.length + value.length;
      if (!StateEntry.path(TreeLoader.entry(path, value).key()).equals(path)) {
        throw new DamageException("the store is damaged: the state at " + path + " is misplaced");
      }
      return true;
    }
  }

  /** The replay window of {@code client}; empty if it has used no nonce. */
  public static ReplayWindow replayWindow(StoreReader store, PublicKey client) {
    return stored(store, Namespace.REPLAY_WINDOWS.key(client.bytes()))
        .map(WorldState::window)
        .orElse(ReplayWindow.EMPTY);
  }

  /** The replay windows of those of {@code clients} that have used a nonce. */
  public static SortedMap<PublicKey, ReplayWindow> replayWindows(
      StoreReader store, ClientSet clients) {
    TreeMap<PublicKey, ReplayWindow> windows = new TreeMap<>();
    for (Client client : clients.clients()) {
      stored(store, Namespace.REPLAY_WINDOWS.key(client.publicKey().bytes()))
          .ifPresent(value -> windows.put(client.publicKey(), window(value)));
    }
    return windows;
  }

  private static ReplayWindow window(ByteString value) {
    try {
      return Decoder.decode(value.bytes(), ReplayWindow::decode);
    } catch (MalformedException e) {
      throw new DamageException("the store is damaged: a replay window is malformed", e);
    }
  }
}
