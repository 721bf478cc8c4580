package org.quorate.cli.light;

import java.nio.file.Path;
import java.util.Optional;
import org.quorate.ledger.proof.Fork;

/** Two blocks of one height, or two that do not stand on each other, are both final. */
public final class ForkFoundException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Fork> fork;
  private final transient Path file;

  ForkFoundException(String message, Optional<Fork> fork, Path file) {
    super(message);
    this.fork = fork;
    this.file = file;
  }

  /** What proves it to others; empty if one of the certificates could not be had. */
  public Optional<Fork> fork() {
    return fork;
  }

  /** Where what was found is kept. */
  public Path file() {
    return file;
  }
}
