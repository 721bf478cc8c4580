/**
 * A deterministic discrete-event simulation of a whole chain. Each node is the code that runs in
 * production between its sockets and its disk: replica, mempool, ledger, journal and all that
 * carries things between them. Clock, threads, network and disks are virtual, and fail as the seed
 * decides. Nothing but the seed is random, so every run can be repeated.
 */
@NullMarked
package org.quorate.node.simulation;

import org.jspecify.annotations.NullMarked;
