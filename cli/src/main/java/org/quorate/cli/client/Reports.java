package org.quorate.cli.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.quorate.ledger.crypto.Digest;

/** The last thing that became of asking each node, in the order of asking. Owned by one thread. */
final class Reports {
  private final Map<NodeEndpoint, String> lastWords = new LinkedHashMap<>();
  private boolean reached;
  private boolean thisChain;

  /** Notes that a node says it is one of another chain. */
  void noteOtherChain(NodeEndpoint node, Digest chainHash) {
    reached = true;
    lastWords.put(node, "is a node of another chain, " + chainHash);
  }

  /** Notes what a node said, or why it said nothing. */
  void note(NodeEndpoint node, Answer<?> answer) {
    boolean answered = !(answer instanceof Answer.Failed<?> failed) || failed.reached();
    reached |= answered;
    thisChain |= answered;
    lastWords.put(node, answer.complaint());
  }

  /** Notes what was wrong with a node's answer. */
  void noteLie(NodeEndpoint node, String what) {
    reached = true;
    thisChain = true;
    lastWords.put(node, what);
  }

  /** Whether any node answered. */
  boolean reached() {
    return reached;
  }

  /** Whether some node answered, and each that did is one of another chain. */
  boolean otherChain() {
    return reached && !thisChain;
  }

  /** One line for each node. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lastWords.forEach((node, word) -> lines.add(node + ": " + word));
    return lines;
  }
}
