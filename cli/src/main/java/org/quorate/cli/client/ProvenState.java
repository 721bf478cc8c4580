package org.quorate.cli.client;

import org.quorate.ledger.proof.StateProof;

/**
 * The proof of the highest block among those that some nodes handed over.
 *
 * @param proof one that was checked
 * @param nodes how many handed over one that holds: with f+1 the proof is no older than what a
 *     correct node could prove
 */
public record ProvenState(StateProof proof, int nodes) {}
