/**
 * A deterministic discrete-event simulation of a whole chain: real replicas, a virtual clock, and a
 * network, disks and processes that fail as the seed decides. Nothing here but the seed is random,
 * so every failure can be run again.
 */
@NullMarked
package org.quorate.consensus.simulation;

import org.jspecify.annotations.NullMarked;
