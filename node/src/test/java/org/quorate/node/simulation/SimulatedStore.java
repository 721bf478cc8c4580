package org.quorate.node.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreSnapshot;
import org.quorate.node.simulation.DiskFault.Operation;

/**
 * The ledger's store as LevelDB promises it: a batch as a whole or not at all, in order; what was
 * not synced may be lost in a crash, from the end.
 */
final class SimulatedStore implements KeyValueStore {
  private final SplittableRandom random;
  private final DiskFault fault;
  private final LongConsumer busy;
  private MemoryStore store = new MemoryStore();

  /** What takes back each batch that is not synced, oldest first. */
  private final List<Batch> unsynced = new ArrayList<>();

  private boolean open;

  /**
   * @param busy is told how long the node's thread waits
   */
  SimulatedStore(SplittableRandom random, DiskFault fault, LongConsumer busy) {
    this.random = random;
    this.fault = fault;
    this.busy = busy;
  }

  /** Opens it for a new life. */
  void open() {
    open = true;
  }

  private MemoryStore seen() {
    if (!open) {
      throw new StorageException("the store is closed");
    }
    return store;
  }

  @Override
  public Optional<byte[]> get(byte[] key) {
    return seen().get(key);
  }

  @Override
  public void scan(byte[] prefix, byte[] from, Visitor visitor) {
    seen().scan(prefix, from, visitor);
  }

  @Override
  public StoreSnapshot snapshot() {
    return seen().snapshot();
  }

  @Override
  public void write(Batch batch, boolean sync) {
    seen();
    try {
      busy.accept(fault.begin(Operation.STORE));
    } catch (IOException e) {
      // LevelDB does not say whether a batch that failed is there.
      if (random.nextBoolean()) {
        writeUnsynced(batch);
      }
      open = false;
      throw new StorageException(String.valueOf(e.getMessage()), e);
    }
    if (sync) {
      store.write(batch, true);
      unsynced.clear();
    } else {
      writeUnsynced(batch);
    }
  }

  private void writeUnsynced(Batch batch) {
    unsynced.add(store.inverse(batch));
    store.write(batch, false);
  }

  @Override
  public void compact(byte[] from, byte[] to) {
    seen();
  }

  @Override
  public void close() {
    open = false;
  }

  /** The power goes. */
  void crash() {
    open = false;
    int kept = fault.tear().kept(unsynced.size(), random);
    takeBack(store, unsynced.subList(kept, unsynced.size()));
    unsynced.clear();
  }

  private static void takeBack(MemoryStore from, List<Batch> batches) {
    for (int i = batches.size() - 1; i >= 0; i--) {
      from.write(batches.get(i), true);
    }
  }

  /** The disk is gone, and an empty one is in its place. */
  void wipe() {
    restore(new MemoryStore());
  }

  /** A copy of all that is durable. */
  MemoryStore image() {
    MemoryStore durable = copy(store);
    takeBack(durable, unsynced);
    return durable;
  }

  /** Puts an older copy in place of what is there. */
  void restore(MemoryStore image) {
    unsynced.clear();
    store = copy(image);
  }

  private static MemoryStore copy(MemoryStore from) {
    MemoryStore copy = new MemoryStore();
    Batch everything = new Batch();
    from.scan(
        new byte[0],
        (key, value) -> {
          everything.put(key, value);
          return true;
        });
    copy.write(everything, true);
    return copy;
  }
}
