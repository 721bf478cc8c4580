package org.quorate.consensus;

import java.util.List;
import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;

/**
 * What a step asks its driver to do, <b>in this order</b>: make the journal durable, then send the
 * messages, then apply the decided blocks. Several steps' outputs may be joined and share one sync,
 * as long as no message of any leaves before it.
 *
 * @param journal to be durable before anything else happens
 * @param messages to be sent; may be lost
 * @param decided final blocks, in order of height, each exactly once, to be executed; the result
 *     comes back as {@link Input.Executed}
 * @param certified checkpoints signed by f+1 or more replicas, to be kept beside their blocks
 * @param timers to be set or stopped
 * @param evidence of faulty replicas, to be kept
 * @param badAnswers of replicas that were asked for final blocks, to be counted
 * @param wanted requests of others for final blocks, which the driver answers from its store
 * @param refetched blocks of which it was said that they are {@link Input.Lost}, with what others
 *     keep beside them; each is certified, and that it is the one that was lost the driver checks
 */
public record Output(
    List<JournalRecord> journal,
    List<Outgoing> messages,
    List<CommittedBlock> decided,
    List<CheckpointCertificate> certified,
    List<TimerSetting> timers,
    List<Evidence> evidence,
    List<BadAnswer> badAnswers,
    List<Wanted> wanted,
    List<Item> refetched) {
  /** Replica {@code by} wants the final blocks of these heights, the last one included. */
  public record Wanted(ReplicaId by, long fromHeight, long toHeight) {}
}
