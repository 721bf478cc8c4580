package org.quorate.node;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quorate.genesis.StorageOptions;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LostException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.StoreSnapshot;
import org.quorate.monitoring.NodeMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots of the state, and drops the transactions of old blocks that they make up for. The
 * ledger's thread only notes the moment; the work is done on a thread that nothing depends on. What
 * fails here is told and counted, and the node goes on. Safe for use by any thread.
 */
final class History implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(History.class);

  /** Between two steps of dropping blocks, so that they do not hold up the ledger. */
  private static final int PRUNE_PAUSE_MILLIS = 20;

  /** The disk gets back the space of so many blocks or more at once: it is rewritten for that. */
  private static final int COMPACT_BLOCKS = 10_000;

  private final Ledger ledger;
  private final ChainSpec chain;
  private final SnapshotFolder folder;
  private final StorageOptions options;
  private final Tasks thread;
  private final NodeMetrics metrics;
  private final Repairs repairs;

  /** The state that shall become a snapshot. */
  private @Nullable Moment next;

  private boolean busy;

  /** Blocks dropped since the disk got their space back. Owned by {@link #thread}. */
  private long dropped;

  private volatile boolean closed;

  private static final class Moment {
    final long height;
    final StoreSnapshot state;
    @Nullable CheckpointCertificate certificate;

    Moment(long height, StoreSnapshot state) {
      this.height = height;
      this.state = state;
    }
  }

  History(
      Ledger ledger,
      ChainSpec chain,
      SnapshotFolder folder,
      StorageOptions options,
      Tasks thread,
      NodeMetrics metrics,
      Repairs repairs) {
    this.ledger = ledger;
    this.chain = chain;
    this.folder = folder;
    this.options = options;
    this.thread = thread;
    this.metrics = metrics;
    this.repairs = repairs;
  }

  /** Tells what is there, and drops what a configuration that has changed drops. */
  void start() {
    metrics.transactionsKeptFrom(ledger.transactionsFrom());
    thread.run(
        () -> {
          try {
            if (options.snapshotIntervalBlocks() > 0) { // else they are an operator's own
              folder.keepNewest(options.snapshotsKept());
            }
            List<Long> heights = folder.heights();
            metrics.snapshotHeight(heights.isEmpty() ? 0 : heights.get(heights.size() - 1));
            prune();
          } catch (IOException | RuntimeException e) {
            failed("the snapshots cannot be read", e);
          }
        });
  }

  /** The block at {@code height} was executed; only the ledger's thread may say so. */
  void executed(long height) {
    int interval = options.snapshotIntervalBlocks();
    if (interval == 0 || height % interval != 0) {
      return;
    }
    synchronized (this) {
      if (next != null) {
        next.state.close(); // never certified, or the disk is too slow
      }
      next = new Moment(height, ledger.snapshot());
    }
    ledger.checkpointCertificate(height).ifPresent(this::certified);
  }

  /** The result of a block is certified, and the ledger has the certificate. */
  synchronized void certified(CheckpointCertificate certificate) {
    if (next != null && next.height == certificate.height()) {
      next.certificate = certificate;
      begin();
    }
  }

  private synchronized void begin() {
    Moment moment = next;
    if (moment != null && moment.certificate != null && !busy && !closed) {
      CheckpointCertificate certificate = moment.certificate;
      next = null;
      busy = true;
      thread.run(() -> take(moment, certificate));
    }
  }

  private void take(Moment moment, CheckpointCertificate certificate) {
    long start = System.nanoTime();
    try (StoreSnapshot state = moment.state) {
      Manifest manifest =
          folder.create(
              state, chain.chainHash(), ledger.header(moment.height).orElseThrow(), certificate);
      folder.keepNewest(options.snapshotsKept());
      metrics.snapshotHeight(moment.height);
      log.info(
          "took a snapshot of the state at height {}: {} chunks, {} ms",
          moment.height,
          manifest.chunks().size(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      prune();
    } catch (DamageException e) { // of the state, most likely: all of it was read
      repairs.damaged(e);
      failed("no snapshot of height " + moment.height, e);
    } catch (IOException | RuntimeException e) {
      failed("no snapshot of height " + moment.height, e);
    } finally {
      synchronized (this) {
        busy = false;
      }
      begin();
    }
  }

  /** Drops some blocks, and later more. */
  private void prune() throws IOException {
    List<Long> snapshots = folder.heights();
    if (options.blocksKept() == 0 || snapshots.isEmpty() || closed) {
      return;
    }
    long stable = ledger.stableCheckpoint().map(CheckpointCertificate::height).orElse(0L);
    // Whoever begins with the oldest snapshot needs the blocks after it.
    long below = Math.min(snapshots.get(0) + 1, stable - options.blocksKept() + 1);
    long from = ledger.transactionsFrom();
    if (below <= from) {
      return;
    }
    boolean more;
    try {
      more = ledger.prune(below);
    } catch (DamageException | LostException e) { // next time it may be repaired
      repairs.damaged(from, e);
      throw e;
    }
    metrics.transactionsKeptFrom(ledger.transactionsFrom());
    dropped += ledger.transactionsFrom() - from;
    if (more) {
      thread.after(TimeUnit.MILLISECONDS.toNanos(PRUNE_PAUSE_MILLIS), this::pruneMore);
      return;
    }
    log.info("dropped the transactions of the blocks below {}", below);
    if (dropped >= COMPACT_BLOCKS) {
      dropped = 0;
      ledger.compact(() -> !closed);
    }
  }

  private void pruneMore() {
    try {
      prune();
    } catch (IOException | RuntimeException e) {
      failed("old blocks cannot be dropped", e);
    }
  }

  private void failed(String what, Exception e) {
    if (closed) {
      log.debug("while the node stops", e);
      return;
    }
    metrics.historyFailed();
    log.warn("{}: {}", what, e.getMessage(), e);
  }

  /** Begins nothing more; what is under way ends when the ledger is closed. */
  @Override
  public void close() {
    closed = true;
    thread.close();
  }

  /** Waits for that end, and tells whether it has come: until then a snapshot is half made. */
  boolean ended(long millisMax) {
    return thread.ended(millisMax);
  }
}
