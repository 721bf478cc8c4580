package org.quorate.cli.client;

import java.util.List;

/** Not enough nodes gave an answer that can be believed. */
public final class NoAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean reached;
  private final boolean otherChain;
  private final String reports;

  NoAnswerException(String message, Reports reports) {
    this(message, reports.reached(), reports.otherChain(), reports.lines());
  }

  NoAnswerException(String message, boolean reached, boolean otherChain, List<String> reports) {
    super(message);
    this.reached = reached;
    this.otherChain = otherChain;
    this.reports = String.join("\n", reports);
  }

  /** Whether any node answered at all. */
  public boolean reached() {
    return reached;
  }

  /** Whether every node that answered is one of another chain. */
  public boolean otherChain() {
    return otherChain;
  }

  /** What became of asking each node, one line each. */
  public List<String> reports() {
    return reports.lines().toList();
  }
}
