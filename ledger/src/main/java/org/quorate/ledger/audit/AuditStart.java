package org.quorate.ledger.audit;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.audit.AuditObserver.Beginning;
import org.quorate.ledger.audit.CheckedBlock.Outcome;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/**
 * Where an audit begins: where an earlier one stood, or at the ledger's first block, with the
 * lowest state that can be proven and after which all blocks are kept. Owned by one thread.
 */
final class AuditStart {
  private final LedgerEntries ledger;
  private final ChainSpec spec;
  private final Scratch scratch;
  private final Optional<SnapshotFolder> snapshots;
  private final AuditObserver observer;

  /**
   * @param snapshots of the node, if there is a folder of them
   */
  AuditStart(
      LedgerEntries ledger,
      ChainSpec spec,
      Scratch scratch,
      Optional<SnapshotFolder> snapshots,
      AuditObserver observer) {
    this.ledger = ledger;
    this.spec = spec;
    this.scratch = scratch;
    this.snapshots = snapshots;
    this.observer = observer;
  }

  /**
   * Prepares the scratch store.
   *
   * @param tip of the ledger, not yet checked
   */
  Replay begin(KeptRecord kept, Checkpoint tip) throws DamagedException, StoppedException {
    if (scratch.isEmpty()) {
      return first(kept, tip, Optional.empty(), base(kept, tip));
    }
    Optional<AuditMark> mark = scratch.mark();
    Optional<String> unusable =
        mark.map(found -> unusable(found, kept, tip)).orElse(Optional.of("it cannot be read"));
    if (mark.isEmpty() || unusable.isPresent()) {
      return first(kept, tip, unusable, base(kept, tip));
    }
    if (mark.get().base().isEmpty()) {
      Optional<Checkpoint> base = base(kept, tip);
      if (base.isPresent()) {
        return first(kept, tip, Optional.of("blocks can be executed now, from a snapshot"), base);
      }
      scratch.put(mark.get());
    }
    Optional<Scratch.Begun> resumed = scratch.resume(mark.get());
    return resumed.isPresent()
        ? resumed(resumed.get())
        : first(kept, tip, Optional.of("its state is damaged"), base(kept, tip));
  }

  /** Why the mark is of no use for this ledger. */
  private Optional<String> unusable(AuditMark mark, KeptRecord kept, Checkpoint tip) {
    if (!mark.chainHash().equals(spec.chainHash())) {
      return Optional.of("it is of another chain");
    }
    if (!mark.tip().equals(tip.block())) {
      return Optional.of(
          "the ledger's last block was %s and is %s now".formatted(mark.tip(), tip.block()));
    }
    if (!mark.kept().equals(kept)) {
      return Optional.of(
          "the ledger had headers from %d and transactions from %d, and has them from %d and %d now"
              .formatted(
                  mark.kept().headersFrom(),
                  mark.kept().transactionsFrom(),
                  kept.headersFrom(),
                  kept.transactionsFrom()));
    }
    long height = mark.reached().height();
    boolean same =
        height <= tip.height()
            && ledger
                .store()
                .get(Table.CHECKPOINT.key(height))
                .filter(bytes -> Arrays.equals(bytes, mark.reached().encoded()))
                .isPresent();
    return same
        ? Optional.empty()
        : Optional.of("the ledger's checkpoint " + height + " was changed since");
  }

  private Replay resumed(Scratch.Begun begun) throws DamagedException {
    long height = begun.mark().reached().height();
    boolean first = height == firstHeight(begun.mark().kept());
    observer.begins(first ? beginning(begun.mark()) : new Beginning.Resumed(height));
    return replay(begun, reachedHeader(begun.mark().reached().block()));
  }

  private BlockHeader reachedHeader(BlockId block) throws DamagedException {
    if (block.height() == 0) {
      return spec.genesisHeader();
    }
    BlockHeader header = ledger.header(block.height());
    if (!header.hash(spec.chainHash()).equals(block.hash())) {
      throw new DamagedException(
          Damage.of(
              block.height(),
              Table.HEADER.key(block.height()),
              "the header was changed since the audit was there"));
    }
    return header;
  }

  // The first block, and the state to execute blocks on.

  /** The block that nothing is checked to link to: the genesis block, or that of a snapshot. */
  private static long firstHeight(KeptRecord kept) {
    return kept.headersFrom() == 1 ? 0 : kept.headersFrom();
  }

  /** The state that was put into the scratch store, which else is empty. */
  private Optional<Checkpoint> base(KeptRecord kept, Checkpoint tip) throws StoppedException {
    scratch.clear();
    return kept.transactionsFrom() == 1
        ? Optional.of(scratch.putGenesis())
        : snapshot(kept.transactionsFrom() - 1, tip.height());
  }

  private Optional<Checkpoint> snapshot(long from, long to) throws StoppedException {
    Pace pace = new Pace(observer, AuditStage.SNAPSHOT, 0);
    for (long height : heights()) {
      if (height < from || height > to) {
        continue;
      }
      try {
        return Optional.of(scratch.putSnapshot(snapshots.orElseThrow(), height, pace));
      } catch (IOException | MalformedException e) {
        observer.refuses(height, String.valueOf(e.getMessage()));
        scratch.clear();
      }
    }
    return Optional.empty();
  }

  private List<Long> heights() {
    try {
      return snapshots.isEmpty() ? List.of() : snapshots.get().heights();
    } catch (IOException e) {
      throw new StorageException("the snapshots cannot be listed: " + e.getMessage(), e);
    }
  }

  private Replay first(
      KeptRecord kept, Checkpoint tip, Optional<String> unusable, Optional<Checkpoint> base)
      throws DamagedException {
    AuditMark mark =
        new AuditMark(
            spec.chainHash(), tip.block(), kept, base, tip, 0, 0, 0); // reached is set with next
    observer.begins(unusable.<Beginning>map(Beginning.Anew::new).orElseGet(() -> beginning(mark)));
    CheckedBlock begun = kept.headersFrom() == 1 ? genesis() : snapshotBlock(kept, tip);
    boolean quorum = begun.checkpointSigners() >= spec.validators().quorum().quorum();
    AuditMark first = mark.next(begun, quorum);
    scratch.put(first);
    Scratch.Begun resumed =
        scratch
            .resume(first)
            .orElseThrow(() -> new StorageException("the scratch store cannot be read"));
    Replay replay = replay(resumed, begun.header());
    replay.checkBase(begun);
    return replay;
  }

  /** The checkpoint that is stored of the genesis block is that of the genesis state. */
  private CheckedBlock genesis() throws DamagedException {
    Checkpoint stored = ledger.checkpoint(0);
    if (!stored.equals(scratch.genesis(new Batch()))) {
      throw new DamagedException(
          Damage.of(
              0,
              Table.CHECKPOINT.key(0),
              "the checkpoint is not that of the genesis block and state"));
    }
    return new CheckedBlock(spec.genesisHeader(), stored, Optional.empty(), 0);
  }

  /** Nothing proves the block that the ledger began with but its certificates, both of them. */
  private CheckedBlock snapshotBlock(KeptRecord kept, Checkpoint tip) throws DamagedException {
    long height = kept.headersFrom();
    BlockEntries entries = new BlockReader(ledger.store(), tip.height(), kept).readOne(height);
    Outcome outcome = new BlockCheck(spec, SignatureVerifier.ED25519).check(entries);
    if (outcome instanceof Outcome.Faulty faulty) {
      throw new DamagedException(faulty.damage());
    }
    CheckedBlock block = ((Outcome.Sound) outcome).block();
    if (block.checkpointSigners() == 0) {
      throw entries.damaged(
          Table.CERTIFICATE,
          "the entry is missing: the ledger began with a snapshot here, which f+1 have signed");
    }
    return block;
  }

  private Beginning beginning(AuditMark mark) {
    return new Beginning.First(mark.execution(ledger.hasCertificate(mark.tip().height())));
  }

  private Replay replay(Scratch.Begun begun, BlockHeader parent) {
    return new Replay(ledger.store(), scratch.store(), spec, begun, parent);
  }
}
