/**
 * Copies of the state after one block, with what proves it, from which a node begins that did not
 * execute the blocks before.
 */
@NullMarked
package org.quorate.ledger.snapshot;

import org.jspecify.annotations.NullMarked;
