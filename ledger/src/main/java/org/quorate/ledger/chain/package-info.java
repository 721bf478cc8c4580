/**
 * What is ordered: transactions, the blocks that carry them and the receipts that tell what became
 * of them; and the rules a block must meet, each a pure function of the chain up to its parent.
 * Uses no storage.
 */
@NullMarked
package org.quorate.ledger.chain;

import org.jspecify.annotations.NullMarked;
