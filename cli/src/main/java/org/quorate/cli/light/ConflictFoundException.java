package org.quorate.cli.light;

import java.nio.file.Path;
import java.util.Optional;
import org.quorate.ledger.proof.FaultProof;

/**
 * Two blocks of one height, or two that do not stand on each other, are both final; or two results
 * of one height are both proven. The message is a sentence without its full stop that says which.
 */
public final class ConflictFoundException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Optional<FaultProof> proof;
  private final transient Path file;

  ConflictFoundException(String message, Optional<FaultProof> proof, Path file) {
    super(message);
    this.proof = proof;
    this.file = file;
  }

  /** What proves it to others; empty if one of the certificates could not be had. */
  public Optional<FaultProof> proof() {
    return proof;
  }

  /** Where what was found is kept. */
  public Path file() {
    return file;
  }
}
