package org.quorate.node;

/** A node could not be started; the message says to its operator what is wrong. */
public final class NodeStartException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What has to change before another try can succeed. */
  public enum Kind {
    /** Genesis, key, data or settings are damaged or do not belong together. */
    CONFIGURATION,
    /** The machine: a port in use, a disk that fails. */
    ENVIRONMENT
  }

  NodeStartException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  NodeStartException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What has to change. */
  public Kind kind() {
    return kind;
  }
}
