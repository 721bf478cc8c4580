/**
 * The pure PBFT replica: a deterministic state machine that turns one input into one output. It may
 * use the ledger's crypto, codec, membership, chain and proof packages, never its store or state;
 * and no threads, locks, sockets, files, clocks, randomness, logging or hash-ordered collections.
 */
@NullMarked
package org.quorate.consensus;

import org.jspecify.annotations.NullMarked;
