package org.quorate.cli.client;

import java.util.List;

/** Not enough nodes gave an answer that can be believed. */
public final class NoAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean reached;
  private final String reports;

  NoAnswerException(String message, boolean reached, List<String> reports) {
    super(message);
    this.reached = reached;
    this.reports = String.join("\n", reports);
  }

  /** Whether any node answered at all. */
  public boolean reached() {
    return reached;
  }

  /** What became of asking each node, one line each. */
  public List<String> reports() {
    return reports.lines().toList();
  }
}
