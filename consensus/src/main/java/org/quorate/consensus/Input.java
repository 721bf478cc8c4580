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
  /** The replica begins, or begins again after a restart; the first input it gets. */
  record Start() implements Input {}

  /** A message arrived. */
  record Received(Authenticated message, long nowMillis) implements Input {}

  /** A link to {@code peer} was made, so that what was lost on the way may be asked for. */
  record Connected(ReplicaId peer) implements Input {}

  /** A timer that the replica had set ran out. */
  record TimerFired(Timer timer, long nowMillis) implements Input {}

  /**
   * The driver found that the primary of {@code view} orders, but not what it should (PROTOCOL.md,
   * R20 and R21): as if the view's timer had run out. Ignored if the view was left meanwhile.
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

  /** A decided block was executed and is durable. In order of height. */
  record Executed(Checkpoint checkpoint) implements Input {}
}
