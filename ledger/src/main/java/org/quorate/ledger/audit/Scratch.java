package org.quorate.ledger.audit;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.state.StateChunks;
import org.quorate.ledger.state.TreeLimits;
import org.quorate.ledger.state.WorldState;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StorageException;

/**
 * The store in which an audit executes the chain again: the state after some block, and the {@link
 * AuditMark} that says which. Both change in one batch, so that a killed audit goes on there. Owned
 * by one thread.
 */
final class Scratch {
  private static final int CLEARED_BATCH = 1_024;

  private final KeyValueStore store;
  private final ChainSpec spec;

  Scratch(KeyValueStore store, ChainSpec spec) {
    this.store = store;
    this.spec = spec;
  }

  /** A state, if there is one to execute blocks on, and what it is. */
  record Begun(Optional<WorldState> state, AuditMark mark) {}

  KeyValueStore store() {
    return store;
  }

  boolean isEmpty() {
    return Entries.page(store, new byte[0], new byte[0], 1, Long.MAX_VALUE).isEmpty();
  }

  /** Removes all there is. */
  void clear() {
    List<Entry> page;
    do {
      page = Entries.page(store, new byte[0], new byte[0], CLEARED_BATCH, Long.MAX_VALUE);
      Batch batch = new Batch();
      page.forEach(entry -> batch.delete(entry.key()));
      store.write(batch, false);
    } while (!page.isEmpty());
  }

  /** The genesis state, which is put into {@code batch}. */
  Checkpoint genesis(Batch batch) {
    WorldState state = WorldState.create(store, spec.appState(), TreeLimits.DEFAULTS, batch);
    return new Checkpoint(spec.genesisBlock(), MerkleTree.EMPTY_ROOT, state.root());
  }

  /** Puts the genesis state into the empty store; what it is. */
  Checkpoint putGenesis() {
    Batch batch = new Batch();
    Checkpoint genesis = genesis(batch);
    store.write(batch, false);
    return genesis;
  }

  /**
   * Checks a snapshot and puts its state into the empty store.
   *
   * @return what it is
   * @throws MalformedException if it is not a whole snapshot of this chain: says why, and leaves
   *     some of it
   */
  Checkpoint putSnapshot(SnapshotFolder snapshots, long height, Pace pace)
      throws IOException, MalformedException, StoppedException {
    Manifest manifest =
        snapshots.manifest(height).orElseThrow(() -> new MalformedException("it has no manifest"));
    if (manifest.check(spec, SignatureVerifier.ED25519) instanceof Verdict.Invalid invalid) {
      throw new MalformedException(invalid.detail());
    }
    int chunks = manifest.chunks().size();
    for (int i = 0; i < chunks; i++) {
      int index = i;
      byte[] chunk =
          snapshots
              .chunk(height, index)
              .orElseThrow(() -> new MalformedException("chunk " + index + " is missing"));
      Batch batch = new Batch();
      StateChunks.restore(manifest.chunks().get(index), chunk, batch);
      store.write(batch, false);
      pace.at(index + 1L, chunks);
    }
    return manifest.certificate().checkpoint();
  }

  /** Writes the first mark, or one that was removed with the rest. */
  void put(AuditMark mark) {
    store.write(new Batch().put(AuditMark.KEY, mark.encoded()), true);
  }

  /** The mark, if there is one that can be read. */
  Optional<AuditMark> mark() {
    return store.get(AuditMark.KEY).flatMap(Scratch::decoded);
  }

  /** What the mark says is there; empty if it is not. */
  Optional<Begun> resume(AuditMark mark) {
    try {
      Optional<Digest> root = mark.stateRoot();
      Optional<WorldState> state =
          root.map(hash -> WorldState.open(store, spec.clients(), TreeLimits.DEFAULTS, hash));
      return Optional.of(new Begun(state, mark));
    } catch (StorageException e) {
      return Optional.empty();
    }
  }

  private static Optional<AuditMark> decoded(byte[] bytes) {
    try {
      return Optional.of(Decoder.decode(bytes, AuditMark::decode));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
