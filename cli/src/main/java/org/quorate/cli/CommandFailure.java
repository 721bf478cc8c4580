package org.quorate.cli;

/**
 * Ends a command: the message goes to standard error as it is, so it tells a person what happened
 * and what to do, and the process exits with the code.
 */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;

  /** A failure without a cause that would help. */
  public CommandFailure(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** A failure with the exception that led to it, which is shown when traces are asked for. */
  public CommandFailure(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The process's exit code. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
