package org.quorate.ledger.proof;

/**
 * Executing a block gave this replica another result than f+1 or more have signed. Execution is
 * deterministic, so its state is damaged, or more than f replicas are faulty: it must not go on.
 */
public final class DivergenceError extends AssertionError {
  private static final long serialVersionUID = 1;

  private final transient Checkpoint own;
  private final transient CheckpointCertificate proven;

  public DivergenceError(Checkpoint own, CheckpointCertificate proven) {
    super(
        "executing block "
            + own.block()
            + " gave "
            + own
            + " here, but proven is "
            + proven.checkpoint());
    this.own = own;
    this.proven = proven;
  }

  /** What it came to. */
  public Checkpoint own() {
    return own;
  }

  /** What the others came to. */
  public CheckpointCertificate proven() {
    return proven;
  }
}
