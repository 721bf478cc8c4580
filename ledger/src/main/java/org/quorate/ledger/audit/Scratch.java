package org.quorate.ledger.audit;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.proof.Checkpoint;
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

  /** A state and what it is. */
  record Begun(WorldState state, AuditMark mark) {}

  KeyValueStore store() {
    return store;
  }

  boolean isEmpty() {
    return Entries.page(store, new byte[0], new byte[0], 1, Long.MAX_VALUE).isEmpty();
  }

  /**
   * Removes all there is and begins with the genesis state; {@code tip} is the audited ledger's.
   */
  Begun begin(Checkpoint tip) {
    List<Entry> page;
    do {
      page = Entries.page(store, new byte[0], new byte[0], CLEARED_BATCH, Long.MAX_VALUE);
      Batch batch = new Batch();
      page.forEach(entry -> batch.delete(entry.key()));
      store.write(batch, false);
    } while (!page.isEmpty());
    Batch batch = new Batch();
    WorldState state = WorldState.create(store, spec.appState(), TreeLimits.DEFAULTS, batch);
    Checkpoint genesis = new Checkpoint(spec.genesisBlock(), MerkleTree.EMPTY_ROOT, state.root());
    AuditMark mark = new AuditMark(spec.chainHash(), tip.block(), genesis, 0, 0, 0);
    batch.put(AuditMark.KEY, mark.encoded());
    store.write(batch, true);
    return new Begun(state, mark);
  }

  /** The mark, if there is one that can be read. */
  Optional<AuditMark> mark() {
    return store.get(AuditMark.KEY).flatMap(Scratch::decoded);
  }

  /** The state of the mark; empty if it is not there. */
  Optional<Begun> resume(AuditMark mark) {
    try {
      WorldState state =
          WorldState.open(store, spec.clients(), TreeLimits.DEFAULTS, mark.reached().stateRoot());
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
