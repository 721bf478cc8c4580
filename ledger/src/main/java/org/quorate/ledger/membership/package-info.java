/**
 * Who takes part: validators, the quorums they form, and the clients with what each may write. All
 * quorum arithmetic of the project stands in {@link org.quorate.ledger.membership.Quorum}. Uses
 * {@code crypto} and {@code codec}.
 */
@NullMarked
package org.quorate.ledger.membership;

import org.jspecify.annotations.NullMarked;
