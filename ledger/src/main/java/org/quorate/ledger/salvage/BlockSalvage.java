package org.quorate.ledger.salvage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.audit.Workers;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.DivergenceError;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.Table;

/**
 * Executes the blocks of the damaged ledger above the new one's tip, one after the other, up to the
 * first that cannot be read. Owned by one thread.
 */
final class BlockSalvage {
  private final OldLedger old;
  private final ChainSpec spec;
  private final Workers workers;
  private final Losses losses;
  private final SalvageObserver observer;

  BlockSalvage(
      OldLedger old, ChainSpec spec, Workers workers, Losses losses, SalvageObserver observer) {
    this.old = old;
    this.spec = spec;
    this.workers = workers;
    this.losses = losses;
    this.observer = observer;
  }

  /**
   * Executes them.
   *
   * @param target the store of {@code ledger}
   * @param last the height of the last block as far as it is known
   * @return how executing one gave another result than it should have, if so
   */
  Optional<SalvageResult.Diverged> execute(Ledger ledger, KeyValueStore target, long last) {
    long next = ledger.checkpoint().height() + 1;
    OldBlocks blocks = OldBlocks.up(old, spec, workers, next);
    OldBlock found = blocks.next();
    while (follows(found, ledger)) {
      Optional<SalvageResult.Diverged> diverged = execute(found, ledger, target);
      if (diverged.isPresent()) {
        return diverged;
      }
      observer.progress(SalvageStage.BLOCKS, found.height(), Math.max(last, found.height()));
      found = blocks.next();
    }
    keepEarlyCertificates(ledger);
    return Optional.empty();
  }

  private boolean follows(OldBlock found, Ledger ledger) {
    return found
        .block()
        .map(block -> block.header().parentHash())
        .equals(Optional.of(ledger.checkpoint().block().hash()));
  }

  private Optional<SalvageResult.Diverged> execute(
      OldBlock found, Ledger ledger, KeyValueStore target) {
    long height = found.height();
    CommittedBlock block =
        new CommittedBlock(found.block().orElseThrow(), found.header().orElseThrow().commit());
    Optional<CheckpointCertificate> certificate =
        found.certificate().filter(it -> it.checkpoint().block().equals(block.block().id()));
    Optional<Checkpoint> stored =
        OldBlock.decoded(old.raw(Table.CHECKPOINT.key(height)), Checkpoint::decode);
    try {
      Checkpoint result = ledger.apply(block).checkpoint();
      certificate.ifPresent(ledger::putCheckpointCertificate);
      if (certificate.isEmpty() && stored.isPresent() && !stored.get().equals(result)) {
        // The node may have signed it: signing another would be a contradiction.
        return Optional.of(new SalvageResult.Diverged(result, stored.get(), false));
      }
    } catch (DivergenceError e) {
      return Optional.of(new SalvageResult.Diverged(e.own(), e.proven().checkpoint(), true));
    }
    if (certificate.isEmpty() && (found.certificateLost() || found.certificate().isPresent())) {
      target.write(new Batch().put(Table.CERTIFICATE.key(height), ChainStore.lost()), false);
      losses.add(height, List.of(Table.CERTIFICATE));
    }
    return Optional.empty();
  }

  /** What proves the results of blocks that are still to be executed. */
  private void keepEarlyCertificates(Ledger ledger) {
    long tip = ledger.checkpoint().height();
    List<CheckpointCertificate> early = new ArrayList<>();
    for (long height = tip + 1; height <= tip + spec.parameters().windowBlocks(); height++) {
      OldBlock.Entries.read(old, height).check(spec).certificate().ifPresent(early::add);
    }
    early.forEach(ledger::putCheckpointCertificate);
  }
}
