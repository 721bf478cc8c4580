/**
 * The audit of a ledger that nobody writes: everything in its store is checked against the genesis
 * and executed again in a second store, and the first thing that fails is named. Also what
 * compares, counts and exports ledgers. Believes nothing but the genesis; prints nothing, and knows
 * no clock and no threads: whoever runs it lends it {@link org.quorate.ledger.audit.Workers}.
 */
@NullMarked
package org.quorate.ledger.audit;

import org.jspecify.annotations.NullMarked;
