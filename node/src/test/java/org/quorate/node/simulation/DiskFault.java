package org.quorate.node.simulation;

import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Asked before every operation of a node's disks, journal and store alike: counts them, lets the
 * node die at one, and lets one fail as disks do.
 */
final class DiskFault {
  /** What an operation of a disk changes. */
  enum Operation {
    WRITE,
    SYNC,
    RENAME,
    STORE
  }

  /** How long a disk takes to sync. */
  private static final long SYNC_NANOS_MAX = 3_000_000;

  private final SplittableRandom random;
  private long operations;
  private long dieAt = Long.MAX_VALUE;
  private Tear tear = Tear.BY_CHANCE;
  private @Nullable Operation diedAt;
  private @Nullable Fault failing;

  DiskFault(SplittableRandom random) {
    this.random = random;
  }

  /** Number of operations so far, over all lives. */
  long operations() {
    return operations;
  }

  /** Lets the node die instead of the operation after so many more. */
  void dieAfter(long more) {
    dieAt = operations + more;
  }

  /** The operation that the node last died instead of; null if it never did. */
  @Nullable Operation diedAt() {
    return diedAt;
  }

  /** What a crash leaves of what was not synced. */
  Tear tear() {
    return tear;
  }

  void tear(Tear kind) {
    tear = kind;
  }

  /** Lets the node live. */
  void live() {
    dieAt = Long.MAX_VALUE;
  }

  /** From now on, until it is null again, every sync or every write fails. */
  void fail(@Nullable Fault fault) {
    failing = fault;
  }

  /**
   * An operation is about to begin.
   *
   * @return how long it takes, in nanoseconds
   * @throws PowerLoss if it does not begin
   * @throws IOException if the disk fails at it; whether it was done nobody knows
   */
  long begin(Operation operation) throws IOException {
    if (operations >= dieAt) {
      live();
      diedAt = operation;
      throw new PowerLoss();
    }
    operations++;
    if (failing == Fault.SYNC_ERROR && operation != Operation.WRITE) {
      throw new IOException("input/output error (simulated)");
    }
    if (failing == Fault.DISK_FULL && operation != Operation.SYNC) {
      throw new IOException("no space left on device (simulated)");
    }
    return operation == Operation.WRITE ? 0 : random.nextLong(SYNC_NANOS_MAX);
  }
}
