package org.quorate.cli.client;

import java.util.List;
import org.quorate.ledger.proof.TransactionProof;

/** What the nodes know of a transaction. */
public sealed interface Lookup {
  /** It stands in a final block; checked against the genesis file. */
  record Proven(TransactionProof proof, NodeEndpoint from) implements Lookup {}

  /** These nodes say that it waits for its block or for the proof of it; only their word. */
  record Pending(List<NodeEndpoint> by) implements Lookup {}

  /** So many nodes do not know it that a correct one is among them. */
  record Unknown(List<NodeEndpoint> by) implements Lookup {}

  /** Nothing that can be believed. */
  record Unproven(boolean reached, List<String> reports) implements Lookup {}
}
