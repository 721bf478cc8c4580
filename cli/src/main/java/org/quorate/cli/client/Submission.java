package org.quorate.cli.client;

import java.util.List;
import org.quorate.ledger.proof.TransactionProof;

/** What became of submitting a transaction. */
public sealed interface Submission {
  /**
   * It stands in a final block, and its receipt is that of the chain: checked here, against the
   * genesis file.
   *
   * @param from the node that handed over the proof
   */
  record Proven(TransactionProof proof, NodeEndpoint from) implements Submission {}

  /** So many nodes took it that a correct one is among them; nothing is proven yet. */
  record Taken(List<NodeEndpoint> by) implements Submission {}

  /**
   * So many nodes refused it that a correct one is among them, or all that could be asked.
   *
   * @param problem what the last of them said
   */
  record Refused(Problem problem, List<NodeEndpoint> by) implements Submission {}

  /**
   * Neither: it may still be executed. Submitting the same bytes again is safe.
   *
   * @param reached whether any node answered at all
   * @param reports what became of asking each node, one line each
   */
  record Unproven(boolean reached, List<String> reports) implements Submission {}
}
