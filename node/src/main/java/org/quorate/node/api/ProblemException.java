package org.quorate.node.api;

/**
 * A request that cannot be answered as asked. Thrown and caught within one call of a {@link
 * Handler} or a {@link Reads} task, on one thread.
 */
final class ProblemException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(ProblemType type, String detail) {
    super(detail, null, false, false);
    this.problem = new Problem(type, detail);
  }

  Problem problem() {
    return problem;
  }
}
