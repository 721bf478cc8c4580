/**
 * What anyone can check without trusting a node: the statements that validators sign, the
 * certificates that quorums of them form, Merkle paths, and the light client. Pure functions; no
 * storage, no network.
 */
@NullMarked
package org.quorate.ledger.proof;

import org.jspecify.annotations.NullMarked;
