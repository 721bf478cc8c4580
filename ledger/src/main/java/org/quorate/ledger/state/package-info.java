/**
 * The world state: what the operations of ordered transactions make of it, and the sparse Merkle
 * tree whose root every checkpoint signs. Deterministic: the same blocks give the same roots
 * everywhere. Uses {@code store}, and no clock, no randomness, no hash maps.
 */
@NullMarked
package org.quorate.ledger.state;

import org.jspecify.annotations.NullMarked;
