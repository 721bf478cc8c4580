package org.quorate.node;

/** The limits of what stands between the peers, the replica and the ledger. */
final class RunnerLimits {
  /** Messages of one peer that wait to be opened. */
  static final int LANE_MESSAGES_MAX = 4_096;

  /** Bytes of one peer's messages that wait to be opened; a single larger one may wait alone. */
  static final long LANE_BYTES_MAX = 24L << 20;

  /** Inputs of one peer that wait for the replica. */
  static final int INBOX_PEER_INPUTS_MAX = 4_096;

  /** Bytes of one peer's messages that wait for the replica. */
  static final long INBOX_PEER_BYTES_MAX = 24L << 20;

  /** Inputs of one turn of the replica's thread. */
  static final int TURN_INPUTS_MAX = 1_024;

  /** A turn takes no further input once those it has hold so many bytes. */
  static final long TURN_BYTES_MAX = 16L << 20;

  /** Blocks proposed in one turn. */
  static final int TURN_PROPOSALS_MAX = 4;

  /** Bytes of records in one append to the journal; what is more goes into a second one. */
  static final long JOURNAL_APPEND_BYTES_MAX = 64L << 20;

  /** Blocks that wait for the ledger; while there are so many, fetched ones are dropped. */
  static final int LEDGER_BACKLOG_BLOCKS_MAX = 1_024;

  /** Transactions in one forwarded batch. */
  static final int FORWARD_TRANSACTIONS_MAX = 1_000;

  /** A forwarded batch gets no further transaction once it has so many bytes. */
  static final int FORWARD_BYTES_SOFT_MAX = 1 << 20;

  /** Transactions that wait to be forwarded; what is more goes to all when it is overdue. */
  static final int FORWARD_WAITING_MAX = NodeLimits.MEMPOOL_TRANSACTIONS_MAX;

  /**
   * Overdue transactions that are sent to all at one time. A few are enough to make the others
   * expect progress; more would add to the load that made them overdue.
   */
  static final int OVERDUE_TRANSACTIONS_MAX = 200;

  /** Transactions forwarded by one peer that wait for their check. */
  static final int FORWARDED_WAITING_MAX = 2_000;

  /** The least time between two answers to one peer that catches up. */
  static final int ANSWER_INTERVAL_MILLIS = 10;

  /** Bytes served in a second to all peers that catch up; many times what a busy chain makes. */
  static final long SERVED_BYTES_PER_SECOND_MAX = 8L << 20;

  /** Blocks served in a second to all peers that catch up. */
  static final int SERVED_BLOCKS_PER_SECOND_MAX = 2_000;

  /** Damaged blocks that peers are asked for; more are asked for when they are met again later. */
  static final int REPAIRS_MAX = 256;

  private RunnerLimits() {}
}
