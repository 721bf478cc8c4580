package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer.SlotStatus;
import org.quorate.consensus.message.Transfer.StableCheckpoint;
import org.quorate.consensus.message.Transfer.Status;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Links lose messages: each replica says by STATUS where it stands, and gets exactly what it lacks
 * (PROTOCOL.md, R16; Castro & Liskov, TOCS 2002, §5.2).
 */
final class Retransmission {
  /** How many CHECKPOINTs one STATUS is answered with. */
  private static final int CHECKPOINTS_MAX = 16;

  /** How many CHECKPOINTs one replica gets with blocks between two ticks. */
  private static final int ADDED_PER_TICK_MAX = CatchUp.RANGE_BLOCKS_MAX;

  /** How many STATUS of one replica are answered between two ticks. */
  private static final int ANSWERS_PER_TICK_MAX = 4;

  private final ReplicaId self;
  private final Outbox outbox;
  private final BlockTree tree;
  private final CheckpointTracker checkpoints;
  private final Agreement agreement;
  private final ViewChanger viewChanger;
  private final AnswerAllowance allowance;
  private final TreeMap<ReplicaId, Integer> answers = new TreeMap<>();

  /** How many CHECKPOINTs were sent to each with blocks since the last tick. */
  private final TreeMap<ReplicaId, Integer> added = new TreeMap<>();

  Retransmission(
      ReplicaId self,
      Outbox outbox,
      BlockTree tree,
      CheckpointTracker checkpoints,
      Agreement agreement,
      ViewChanger viewChanger,
      AnswerAllowance allowance) {
    this.self = self;
    this.outbox = outbox;
    this.tree = tree;
    this.checkpoints = checkpoints;
    this.agreement = agreement;
    this.viewChanger = viewChanger;
    this.allowance = allowance;
  }

  void tick() {
    answers.clear();
    added.clear();
  }

  /** Where this replica stands. */
  Status status() {
    long committed = tree.root().height();
    List<SlotStatus> slots = new ArrayList<>();
    for (long height : heightsAbove(committed)) {
      slots.add(
          new SlotStatus(
              height,
              agreement.proposal(height).isPresent(),
              agreement.prepares().signers(height),
              agreement.commits().signers(height)));
    }
    return new Status(
        agreement.view().number(),
        agreement.view().active(),
        viewChanger.wantedView(),
        committed,
        checkpoints.stableHeight(),
        slots);
  }

  private SortedSet<Long> heightsAbove(long height) {
    TreeSet<Long> heights = new TreeSet<>(agreement.prepares().heightsAbove(height));
    heights.addAll(agreement.commits().heightsAbove(height));
    return heights;
  }

  /** Sends {@code from} what it lacks, but nothing that it could not keep yet. */
  void answer(ReplicaId from, Status status) {
    if (answers.merge(from, 1, Integer::sum) > ANSWERS_PER_TICK_MAX) {
      return;
    }
    checkpoints
        .stable()
        .filter(certificate -> certificate.height() > status.stable())
        .ifPresent(certificate -> outbox.send(from, new StableCheckpoint(certificate)));
    checkpoints
        .votesBetween(
            status.stable(), checkpoints.highestTracked(status.committed()), CHECKPOINTS_MAX, self)
        .forEach(vote -> outbox.send(from, vote));
    if (status.view() < agreement.view().number()
        || (status.view() == agreement.view().number() && !status.active())) {
      viewChanger.newView().ifPresent(newView -> outbox.send(from, newView));
      viewChanger.ownViewChange().ifPresent(viewChange -> outbox.send(from, viewChange));
    }
    if (status.view() == agreement.view().number()) {
      answerSlots(from, status);
    }
  }

  /**
   * Final blocks come with the proofs that there are; of results that this replica cannot prove
   * itself it sends its own word.
   */
  void addToBlocks(ReplicaId from, BlockRange range) {
    int before = added.getOrDefault(from, 0);
    List<Signed<CheckpointVote>> votes =
        checkpoints.unprovenVotes(range, ADDED_PER_TICK_MAX - before, self);
    votes.forEach(vote -> outbox.send(from, vote));
    added.put(from, before + votes.size());
  }

  private void answerSlots(ReplicaId from, Status status) {
    TreeMap<Long, SlotStatus> slots = new TreeMap<>();
    status.slots().forEach(slot -> slots.put(slot.height(), slot));
    for (long height : heightsAbove(status.committed())) {
      if (height > lastTakenBy(status)) {
        return;
      }
      @Nullable SlotStatus slot = slots.get(height);
      if (slot == null || !slot.proposed()) {
        agreement
            .proposal(height)
            .filter(proposal -> allowance.take(from, proposal.content().block()))
            .ifPresent(proposal -> outbox.send(from, proposal));
      }
      if (slot == null || !slot.prepares().contains(self)) {
        agreement.prepares().message(height, self).ifPresent(vote -> outbox.send(from, vote));
      }
      if (slot == null || !slot.commits().contains(self)) {
        agreement.commits().message(height, self).ifPresent(vote -> outbox.send(from, vote));
      }
    }
  }

  /**
   * Above which height the sender of {@code status} takes no vote: its high watermark, also when it
   * has got the stable checkpoint that it lacks, as far as it has the block.
   */
  private long lastTakenBy(Status status) {
    long stable = Math.min(checkpoints.stableHeight(), status.committed());
    return checkpoints.highWatermark(Math.max(status.stable(), stable));
  }
}
