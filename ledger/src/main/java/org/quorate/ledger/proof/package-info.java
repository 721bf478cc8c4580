/**
 * What anyone can check without trusting a node: the statements that validators sign, the
 * certificates that quorums of them form, Merkle paths, and the light client; and the evidence
 * against validators who sign what contradicts itself, with the auditor who judges it. Pure
 * functions; no storage, no network.
 */
@NullMarked
package org.quorate.ledger.proof;

import org.jspecify.annotations.NullMarked;
