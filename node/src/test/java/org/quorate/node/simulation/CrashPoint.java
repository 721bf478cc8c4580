package org.quorate.node.simulation;

import java.util.Locale;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Where a node dies, and how.
 *
 * @param replica whose node
 * @param operation how many operations its disks have done by then, in all: it dies instead of the
 *     next
 * @param tear what is left of what was not synced
 * @param outageMillis how long it is down
 * @param again how many operations it does in its second life before it dies again; negative if it
 *     lives on
 */
record CrashPoint(ReplicaId replica, long operation, Tear tear, int outageMillis, int again) {
  /** Such as: r1 dies after 17 operations, sectors kept, 500 ms down, dies again after 3. */
  @Override
  public String toString() {
    return replica
        + " dies after "
        + operation
        + " operations, "
        + tear.name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + ", "
        + outageMillis
        + " ms down"
        + (again < 0 ? "" : ", dies again after " + again);
  }
}
