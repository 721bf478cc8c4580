package org.quorate.cli.chaos;

import java.util.Optional;
import org.quorate.ledger.crypto.Digest;

/**
 * One transaction of one client.
 *
 * @param chained whether it requires that the client's last one took effect, so that it must be
 *     executed and must not fail
 * @param submittedNanos before it was first handed to a node
 * @param acknowledgement empty if the client walked away, or never got an answer
 */
record Attempt(
    String client,
    Digest transaction,
    boolean chained,
    long submittedNanos,
    Optional<Acknowledgement> acknowledgement) {}
