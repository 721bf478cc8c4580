/**
 * The ledger: the chain of committed blocks with what proves them and what they made, in a store
 * that a crash leaves at one block or the next, never between. Uses every package below it; knows
 * no network, no clock and no consensus.
 */
@NullMarked
package org.quorate.ledger;

import org.jspecify.annotations.NullMarked;
