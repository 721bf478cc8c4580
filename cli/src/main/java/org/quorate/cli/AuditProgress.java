package org.quorate.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.quorate.ledger.audit.AuditObserver;
import org.quorate.ledger.audit.AuditStage;

/** Tells how far an audit is. Owned by the thread of the audit. */
final class AuditProgress implements AuditObserver {
  private final PrintWriter err;
  private final ProgressLine line;
  private final LongSupplier nanoTime;
  private final long blocksMax;
  private final long startNanos;
  private long startHeight;
  private long startTransactions;
  private boolean started;
  private long blocks;

  /**
   * @param blocksMax after how many blocks it is to stop
   */
  AuditProgress(PrintWriter err, boolean terminal, LongSupplier nanoTime, long blocksMax) {
    this.err = err;
    this.line = new ProgressLine(err, terminal, nanoTime);
    this.nanoTime = nanoTime;
    this.blocksMax = blocksMax;
    this.startNanos = nanoTime.getAsLong();
  }

  @Override
  public void refuses(long snapshotHeight, String reason) {
    err.println("the snapshot of height %d is of no use: %s".formatted(snapshotHeight, reason));
    err.flush();
  }

  @Override
  public void begins(Beginning beginning) {
    if (beginning instanceof Beginning.Resumed resumed) {
      err.println("going on after block " + resumed.height());
    } else if (beginning instanceof Beginning.Anew anew) {
      err.println(
          "beginning anew, since what is left of another audit is of no use: " + anew.reason());
    }
    err.flush();
  }

  @Override
  public void progress(AuditStage stage, long done, long total, long transactions) {
    if (stage == AuditStage.BLOCKS) {
      if (!started) {
        started = true;
        startHeight = done;
        startTransactions = transactions;
      }
      blocks = done - startHeight;
    }
    if (line.isDue()) {
      line.tell(
          stage == AuditStage.BLOCKS
              ? blocks(done, total, transactions, nanoTime.getAsLong())
              : "%s, %d %%".formatted(name(stage), 100 * done / total));
    }
  }

  private String blocks(long done, long total, long transactions, long now) {
    double seconds = (now - startNanos) / 1e9;
    double rate = blocks / seconds;
    return String.format(
        Locale.ROOT,
        "block %d of %d, %d %%, %.0f blocks/s, %.0f transactions/s, %.0f s to go",
        done,
        total,
        100 * done / total,
        rate,
        (transactions - startTransactions) / seconds,
        rate > 0 ? (total - done) / rate : 0);
  }

  private static String name(AuditStage stage) {
    return switch (stage) {
      case SNAPSHOT -> "snapshot";
      case BLOCKS -> "blocks";
      case RECORDS -> "records of transactions";
      case STATE -> "state";
      case TREE -> "tree of the state";
    };
  }

  @Override
  public boolean goesOn() {
    return blocks < blocksMax;
  }

  /** To be called when the audit has ended. */
  void close() {
    line.close();
  }

  /** Seconds that it took. */
  double seconds() {
    return (nanoTime.getAsLong() - startNanos) / 1e9;
  }

  /** Blocks that this run followed, without those of an earlier one. */
  long blocks() {
    return blocks;
  }
}
