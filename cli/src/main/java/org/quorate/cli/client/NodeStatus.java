package org.quorate.cli.client;

import java.util.Optional;
import org.quorate.ledger.crypto.Digest;

/**
 * What a node says of itself; only its word.
 *
 * @param view the view it is in
 * @param height of the last block it has executed
 * @param stableHeight of the last checkpoint a quorum signed
 * @param peersConnected validators it is linked with, itself not counted
 * @param notReady why it is not ready
 */
public record NodeStatus(
    String chainId,
    Digest chainHash,
    String name,
    long replica,
    long view,
    String primary,
    boolean active,
    long height,
    Digest blockHash,
    Digest stateRoot,
    long stableHeight,
    long mempoolTransactions,
    long peersConnected,
    boolean ready,
    Optional<String> notReady,
    String version) {}
