package org.quorate.node.journal;

/**
 * A journal that cannot be trusted: bytes that had reached the disk are no longer what was written.
 * A replica must not vote on the strength of it.
 */
public final class JournalException extends Exception {
  private static final long serialVersionUID = 1L;

  JournalException(String file, long offset, String what) {
    super(
        "the journal "
            + file
            + " is damaged at byte "
            + offset
            + ": "
            + what
            + ". What this validator voted for can no longer be known: restore the file from the"
            + " disk it was on, or take the validator out of service. Do not delete it and go on.");
  }
}
