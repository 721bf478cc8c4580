package org.quorate.node.simulation;

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
record CrashPoint(ReplicaId replica, long operation, Tear tear, int outageMillis, int again) {}
