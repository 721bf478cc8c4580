package org.quorate.node;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.Input;
import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;
import org.quorate.ledger.Applied;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.RepairResult;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.mempool.Mempool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the one thread does that writes the ledger: it executes decided blocks in order, each
 * durable before anybody hears of it, keeps certificates beside them, and repairs what was damaged.
 *
 * <p>Its queue needs no limit of its own: the replica votes in a window above what was executed,
 * and fetched blocks are dropped while {@link #busy}.
 */
final class LedgerRunner implements DecidedBlocks, Turns {
  private static final Logger log = LoggerFactory.getLogger(LedgerRunner.class);

  private final Ledger ledger;
  private final Mempool pool;
  private final Consumer<Input.Executed> replica;
  private final Repairs repairs;
  private final Observer observer;
  private final NodeMetrics metrics;
  private final Clock clock;
  private final Runnable wake;
  private final Queue<Work> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger blocksWaiting = new AtomicInteger();
  private volatile boolean stopping;

  private sealed interface Work {
    record Execute(CommittedBlock block) implements Work {}

    record Keep(CheckpointCertificate certificate) implements Work {}

    record Repair(Item block) implements Work {}
  }

  /** Hears from the ledger's thread; must not block for long. */
  interface Observer {
    /** A block was executed and is durable. */
    void executed(CommittedBlock block, Applied applied);

    /** The result of a block was certified by f+1 or more; the ledger has the certificate. */
    void certified(CheckpointCertificate certificate);

    /** The ledger failed; nothing more will be executed. */
    void failed(Throwable cause);
  }

  /**
   * @param replica is told of each executed block
   * @param repairs is told of each block that was repaired, or could not be
   * @param wake lets the next turn begin soon
   */
  LedgerRunner(
      Ledger ledger,
      Mempool pool,
      Consumer<Input.Executed> replica,
      Repairs repairs,
      Observer observer,
      NodeMetrics metrics,
      Clock clock,
      Runnable wake) {
    this.ledger = ledger;
    this.pool = pool;
    this.replica = replica;
    this.repairs = repairs;
    this.observer = observer;
    this.metrics = metrics;
    this.clock = clock;
    this.wake = wake;
  }

  @Override
  public void decided(CommittedBlock block) {
    blocksWaiting.incrementAndGet();
    queue.add(new Work.Execute(block));
    wake.run();
  }

  @Override
  public void certified(CheckpointCertificate certificate) {
    queue.add(new Work.Keep(certificate));
    wake.run();
  }

  @Override
  public void refetched(Item block) {
    queue.add(new Work.Repair(block));
    wake.run();
  }

  /** Whether so many blocks wait that no more should be fetched. */
  boolean busy() {
    return blocksWaiting.get() >= RunnerLimits.LEDGER_BACKLOG_BLOCKS_MAX;
  }

  /**
   * Makes the present turn, or the next if there is none, the last. What waits is decided again
   * after a restart.
   */
  void stop() {
    stopping = true;
  }

  /** Executes one block, keeps one certificate, or repairs one block. */
  @Override
  public long turn() {
    try {
      @Nullable Work work = stopping ? null : queue.poll();
      if (work instanceof Work.Execute execute) {
        execute(execute.block());
      } else if (work instanceof Work.Keep keep) {
        ledger.putCheckpointCertificate(keep.certificate());
        observer.certified(keep.certificate());
      } else if (work instanceof Work.Repair repair) {
        repair(repair.block());
      }
    } catch (RuntimeException | Error e) {
      log.error("the ledger has stopped", e);
      observer.failed(e);
      return END;
    }
    return stopping ? END : queue.isEmpty() ? UNTIL_WOKEN : 0;
  }

  private void repair(Item block) {
    RepairResult result = ledger.repair(block.block(), block.checkpoint());
    repairs.attempted(block.block().block().height(), result);
  }

  private void execute(CommittedBlock block) {
    long start = clock.nanos();
    Applied applied = ledger.apply(block);
    double seconds = (clock.nanos() - start) / 1e9;
    int dropped = pool.executed(block.block());
    if (dropped > 0) {
      log.info("{} pending transactions can no longer be executed", dropped);
    }
    blocksWaiting.decrementAndGet();
    replica.accept(new Input.Executed(applied.checkpoint()));
    observer.executed(block, applied);
    int failed = 0;
    for (Receipt receipt : applied.receipts()) {
      failed += receipt.outcome() == Receipt.Outcome.EXECUTED ? 0 : 1;
    }
    metrics.blockExecuted(
        block.block().height(), applied.receipts().size() - failed, failed, seconds);
  }
}
