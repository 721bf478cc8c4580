package org.quorate.consensus;

import org.quorate.ledger.membership.ReplicaId;

/**
 * A replica was asked for final blocks and did not give them (PROTOCOL.md, R17). No proof of a
 * fault: a broken link looks the same.
 *
 * @param from the replica that was asked
 */
public record BadAnswer(ReplicaId from, Reason reason) {
  /** What was wrong with it. */
  public enum Reason {
    /** Other heights than were asked for, or not in a row. */
    WRONG_HEIGHTS,
    /** More bytes than an answer may have. */
    TOO_LONG,
    /** Something that is no message, or holds a certificate that proves nothing. */
    REJECTED,
    /** Nothing came. */
    SILENT
  }
}
