package org.quorate.cli.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The last thing that became of asking each node, in the order of asking. Owned by one thread. */
final class Reports {
  private final Map<NodeEndpoint, String> lastWords = new LinkedHashMap<>();
  private boolean reached;

  /** Notes what a node said, or why it said nothing. */
  void note(NodeEndpoint node, Answer<?> answer) {
    reached |= !(answer instanceof Answer.Failed<?> failed) || failed.reached();
    lastWords.put(node, answer.complaint());
  }

  /** Notes what was wrong with a node's answer. */
  void noteLie(NodeEndpoint node, String what) {
    reached = true;
    lastWords.put(node, what);
  }

  /** Whether any node answered. */
  boolean reached() {
    return reached;
  }

  /** One line for each node. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lastWords.forEach((node, word) -> lines.add(node + ": " + word));
    return lines;
  }
}
