package org.quorate.cli;

/** What a command's exit status tells a script. */
public enum ExitCode {
  /** Done. */
  OK(0),
  /** The command could not do what it was asked to. */
  FAILED(1),
  /** The command line is wrong. */
  USAGE(2),
  /** A proof or a ledger was checked and does not hold; or a rule was seen broken, as by a fork. */
  PROOF_INVALID(3),
  /** The genesis file, key, data folder or settings are damaged or do not belong together. */
  MISMATCH(4),
  /** No node answered. */
  UNREACHABLE(5);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  /** The process's exit status, 0 to 5. */
  public int status() {
    return status;
  }

  /** The code with that status; {@link #FAILED} for a status that is none of them. */
  public static ExitCode ofStatus(int status) {
    for (ExitCode code : values()) {
      if (code.status == status) {
        return code;
      }
    }
    return FAILED;
  }
}
