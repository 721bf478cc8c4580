package org.quorate.consensus;

import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Where a replica stands, for those who watch it.
 *
 * @param view the view it is in, or waits to enter
 * @param primary of that view
 * @param active whether it has entered the view
 * @param wantedView the view it asks the others for: higher than its own if it suspects the primary
 * @param viewTimeoutMillis how long it waits for progress, or for the view: more after each view
 *     that brought none
 * @param lastFinal the last block known final with all before it
 * @param stableHeight the low watermark
 * @param recovery whether it may vote, and what it waits for if not
 */
public record ReplicaStatus(
    long view,
    ReplicaId primary,
    boolean active,
    long wantedView,
    long viewTimeoutMillis,
    BlockId lastFinal,
    long stableHeight,
    RecoveryStatus recovery) {
  /** Whether it has lost its patience with the view, and waits for a quorum to do so. */
  public boolean suspects() {
    return wantedView > view;
  }
}
