package org.quorate.ledger.snapshot;

import java.util.BitSet;
import java.util.Optional;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.state.StateChunks;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/**
 * A snapshot on its way into an empty store. What has come is on the disk, so that it goes on after
 * a crash where it was; only when all of it is there the store becomes a ledger. Owned by one
 * thread.
 */
public final class SnapshotRestore {
  private final KeyValueStore store;
  private final Manifest manifest;
  private final BitSet there;

  private SnapshotRestore(KeyValueStore store, Manifest manifest, BitSet there) {
    this.store = store;
    this.manifest = manifest;
    this.there = there;
  }

  /**
   * What is on its way into {@code store}; empty if nothing is.
   *
   * @throws LedgerException if it is damaged: remove the store and begin anew
   */
  public static Optional<SnapshotRestore> resume(KeyValueStore store) throws LedgerException {
    try {
      Optional<byte[]> bytes = store.get(Table.RESTORING.key());
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      Manifest manifest = Decoder.decode(bytes.get(), Manifest::decode);
      BitSet there = new BitSet();
      store.scan(
          Table.RESTORING.key(),
          Table.RESTORING.key(0),
          (key, value) -> {
            there.set((int) Table.RESTORING.height(key));
            return true;
          });
      if (there.length() > manifest.chunks().size()) {
        throw new LedgerException("the store is damaged: chunks that the snapshot does not have");
      }
      return Optional.of(new SnapshotRestore(store, manifest, there));
    } catch (MalformedException | StorageException e) {
      throw new LedgerException("the store is damaged: " + String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Begins.
   *
   * @param manifest is valid for the chain (see {@link Manifest#check})
   * @throws LedgerException if the store is not empty
   */
  public static SnapshotRestore begin(KeyValueStore store, Manifest manifest)
      throws LedgerException {
    boolean[] used = {false};
    store.scan(
        new byte[0],
        (key, value) -> {
          used[0] = true;
          return false;
        });
    if (used[0]) {
      throw new LedgerException("the store is in use");
    }
    store.write(new Batch().put(Table.RESTORING.key(), manifest.encoded()), true);
    return new SnapshotRestore(store, manifest, new BitSet());
  }

  /** What is restored. */
  public Manifest manifest() {
    return manifest;
  }

  /** The lowest chunk from {@code index} on that is not there; their number if all are. */
  public int nextMissing(int index) {
    return Math.min(there.nextClearBit(index), manifest.chunks().size());
  }

  /** How many chunks are there. */
  public int count() {
    return there.cardinality();
  }

  /**
   * Takes a chunk.
   *
   * @throws MalformedException if it is not that of the manifest; then nothing is changed
   */
  public void add(int index, byte[] chunk) throws MalformedException {
    Batch batch = new Batch();
    StateChunks.restore(manifest.chunks().get(index), chunk, batch);
    batch.put(Table.RESTORING.key(index), new byte[0]);
    store.write(batch, true);
    there.set(index);
  }

  /**
   * Makes a ledger of the store, whose tip is the snapshot's block.
   *
   * @throws IllegalStateException if a chunk is missing
   */
  public void finish(ChainSpec chain) {
    if (nextMissing(0) < manifest.chunks().size()) {
      throw new IllegalStateException("chunk " + nextMissing(0) + " is missing");
    }
    Batch batch = new Batch();
    Ledger.begin(chain, manifest.header(), manifest.certificate(), batch);
    batch.delete(Table.RESTORING.key());
    for (int i = 0; i < manifest.chunks().size(); i++) {
      batch.delete(Table.RESTORING.key(i));
    }
    store.write(batch, true);
  }
}
