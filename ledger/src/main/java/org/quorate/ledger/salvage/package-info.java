/**
 * Makes a sound ledger in another store from what can still be read of one that is damaged, for a
 * node that does not run. Nothing is taken over that the genesis and the signatures do not vouch
 * for. Prints nothing, and knows no clock and no threads.
 */
@NullMarked
package org.quorate.ledger.salvage;

import org.jspecify.annotations.NullMarked;
