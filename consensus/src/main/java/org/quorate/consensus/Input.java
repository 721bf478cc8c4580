package org.quorate.consensus;

import java.util.List;
import org.quorate.consensus.message.Authenticated;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;

/**
 * Everything that can happen to a replica. Times are milliseconds of the driver's wall clock, used
 * for block timestamps alone.
 */
public sealed interface Input {
  /**
   * The replica begins, or begins again after a restart; the first input it gets.
   *
   * @param instance a number, not negative and below 2^62, that no earlier life of this replica
   *     began with or came near to: drawn at random by a driver that may have lost its memory
   */
  record Start(long instance) implements Input {}

  /** A message arrived. */
  record Received(Authenticated message, long nowMillis) implements Input {}

  /** A link to {@code peer} was made, so that what was lost on the way may be asked for. */
  record Connected(ReplicaId peer) implements Input {}

  /**
   * What came over the link of {@code from} was no message, or not a valid one, and is thrown away:
   * whoever waits for an answer of that replica waits in vain.
   */
  record Rejected(ReplicaId from) implements Input {}

  /** A timer that the replica had set ran out. */
  record TimerFired(Timer timer, long nowMillis) implements Input {}

  /**
   * The driver found that the primary of {@code view} orders, but not what it should (PROTOCOL.md,
   * R24 and R25): as if the view's timer had run out. Ignored if the view was left meanwhile.
   */
  record Suspected(long view) implements Input {}

  /** Whether this node holds transactions that are not executed yet; said when it changes. */
  record TransactionsPending(boolean pending) implements Input {}

  /**
   * The transactions for the block that {@link Replica#proposalSlot} asked for; those that the
   * chain already holds are left out by the replica, and a slot that has passed meanwhile is
   * ignored.
   */
  record Proposal(ProposalSlot slot, List<Transaction> transactions, long nowMillis)
      implements Input {
    public Proposal {
      transactions = List.copyOf(transactions);
    }
  }

  /**
   * The driver cannot read the final block of this height, which it has executed: the others are
   * asked for it, and it comes as {@link Output#refetched}. Of too many at a time some are ignored,
   * to be said again.
   */
  record Lost(long height) implements Input {}

  /** A decided block was executed and is durable. In order of height. */
  record Executed(Checkpoint checkpoint) implements Input {}
}
