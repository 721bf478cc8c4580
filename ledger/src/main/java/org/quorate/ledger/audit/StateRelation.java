package org.quorate.ledger.audit;

import java.util.Optional;

/**
 * How the states of two ledgers, each after its last block, differ.
 *
 * @param one the height of the first, {@code two} that of the second
 * @param differing how many keys do not have the same value in both
 * @param first the first of them in the order of the paths
 */
public record StateRelation(long one, long two, long differing, Optional<StateDifference> first) {}
