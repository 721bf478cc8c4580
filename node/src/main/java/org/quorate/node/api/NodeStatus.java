package org.quorate.node.api;

import org.quorate.ledger.membership.ReplicaId;

/**
 * What a node says of itself at a moment, beside what its ledger holds.
 *
 * @param self its place among the validators
 * @param active whether it takes part in ordering in {@code view}; false during a view change
 * @param stableHeight of the last checkpoint that a quorum signed
 * @param peersConnected validators it has a link to, itself not counted
 * @param version of the program
 */
public record NodeStatus(
    ReplicaId self,
    long view,
    boolean active,
    long stableHeight,
    int mempoolTransactions,
    int peersConnected,
    String version) {}
