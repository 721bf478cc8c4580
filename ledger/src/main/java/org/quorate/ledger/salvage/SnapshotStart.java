package org.quorate.ledger.salvage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.snapshot.SnapshotRestore;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StorageException;

/** Finds the snapshot to begin with, and puts its state into a store. Owned by one thread. */
final class SnapshotStart {
  private final SnapshotFolder snapshots;
  private final ChainSpec spec;
  private final SalvageObserver observer;

  SnapshotStart(SnapshotFolder snapshots, ChainSpec spec, SalvageObserver observer) {
    this.snapshots = snapshots;
    this.spec = spec;
    this.observer = observer;
  }

  /** The highest height of which there is one, whether good or not; 0 if there is none. */
  long highest() {
    List<Long> heights = heights();
    return heights.isEmpty() ? 0 : heights.get(heights.size() - 1);
  }

  /**
   * The newest that is whole, proves itself, and has all blocks after it kept. Of each that is
   * newer and of no use the observer is told.
   */
  Optional<Manifest> find(KeptRecord kept) {
    List<Long> heights = heights();
    for (int i = heights.size() - 1; i >= 0; i--) {
      long height = heights.get(i);
      try {
        Manifest manifest = checked(height);
        if (height < kept.headersFrom() || height < kept.transactionsFrom() - 1) {
          throw new MalformedException("the blocks after it were dropped");
        }
        return Optional.of(manifest);
      } catch (IOException | MalformedException e) {
        observer.refuses(height, String.valueOf(e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private List<Long> heights() {
    try {
      return snapshots.heights();
    } catch (IOException e) {
      throw new StorageException("the snapshots cannot be listed: " + e.getMessage(), e);
    }
  }

  private Manifest checked(long height) throws IOException, MalformedException {
    Manifest manifest =
        snapshots.manifest(height).orElseThrow(() -> new MalformedException("it has no manifest"));
    if (manifest.check(spec, SignatureVerifier.ED25519) instanceof Verdict.Invalid invalid) {
      throw new MalformedException(invalid.detail());
    }
    for (int i = 0; i < manifest.chunks().size(); i++) {
      chunk(height, i);
    }
    return manifest;
  }

  private byte[] chunk(long height, int index) throws IOException, MalformedException {
    return snapshots
        .chunk(height, index)
        .orElseThrow(() -> new MalformedException("chunk " + index + " is missing"));
  }

  /** Makes a ledger of the empty store that begins with the snapshot. */
  void restore(Manifest manifest, KeyValueStore target) throws LedgerException {
    SnapshotRestore restore = SnapshotRestore.begin(target, manifest);
    int chunks = manifest.chunks().size();
    try {
      for (int i = 0; i < chunks; i++) {
        restore.add(i, chunk(manifest.height(), i));
        observer.progress(SalvageStage.SNAPSHOT, i + 1L, chunks);
      }
    } catch (IOException | MalformedException e) {
      throw new LedgerException(
          "the snapshot of height %d was changed meanwhile: %s"
              .formatted(manifest.height(), e.getMessage()),
          e);
    }
    restore.finish(spec);
  }
}
