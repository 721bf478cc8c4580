package org.quorate.node.simulation;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signable;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Vote;

/**
 * Everything one correct replica ever signed and sent, over all its lives; what it adds must not
 * contradict the rest (PROTOCOL.md, why it is safe: what claim (c) needs).
 */
final class SignedHistory {
  private static final Comparator<Vote> BY_VIEW_THEN_HEIGHT =
      Comparator.comparingLong(Vote::view).thenComparingLong(Vote::height);

  private final ReplicaId replica;
  private final World world;
  private final TreeMap<Long, TreeMap<Long, BlockId>> prepares = new TreeMap<>();
  private final TreeMap<Long, TreeMap<Long, BlockId>> commits = new TreeMap<>();
  private final TreeMap<Long, Checkpoint> checkpoints = new TreeMap<>();
  private final TreeMap<Long, NewView> newViews = new TreeMap<>();
  private final TreeMap<Long, ViewChange> viewChanges = new TreeMap<>();
  private Optional<Vote> highestPrepared = Optional.empty();

  SignedHistory(ReplicaId replica, World world) {
    this.replica = replica;
    this.world = world;
  }

  void add(Signable content) {
    if (content instanceof PrePrepare prePrepare) {
      prepare(prePrepare.vote());
    } else if (content instanceof Prepare prepare) {
      prepare(prepare.vote());
    } else if (content instanceof Commit commit) {
      commit(commit.vote());
    } else if (content instanceof CheckpointVote vote) {
      Checkpoint before = checkpoints.putIfAbsent(vote.checkpoint().height(), vote.checkpoint());
      require(before == null || before.equals(vote.checkpoint()), "two CHECKPOINTs", content);
    } else if (content instanceof ViewChange viewChange) {
      viewChange(viewChange);
    } else if (content instanceof NewView newView) {
      NewView before = newViews.putIfAbsent(newView.view(), newView);
      require(before == null || before.equals(newView), "two NEW-VIEWs of one view", content);
    }
  }

  private void require(boolean holds, String rule, Object content) {
    if (!holds) {
      throw new Violation(replica + " broke a rule: " + rule + ": " + content);
    }
  }

  private void prepare(Vote vote) {
    TreeMap<Long, BlockId> votes = prepares.computeIfAbsent(vote.view(), v -> new TreeMap<>());
    BlockId before = votes.get(vote.height());
    require(before == null || before.equals(vote.block()), "two PREPAREs of one height", vote);
    if (before != null) {
      return;
    }
    require(!hasLeft(vote.view()), "a PREPARE of a view that it has left", vote);
    require(world.standsOnABase(vote), "a PREPARE beside or below every base of the view", vote);
    Map.Entry<Long, BlockId> last = votes.lastEntry();
    if (last != null) {
      require(last.getKey() < vote.height(), "PREPAREs at falling heights", vote);
      require(
          world.descends(last.getValue(), vote.block()),
          "PREPAREs of one view on two chains",
          vote);
    }
    votes.put(vote.height(), vote.block());
  }

  private boolean hasLeft(long view) {
    return !viewChanges.isEmpty() && viewChanges.lastKey() > view;
  }

  private void commit(Vote vote) {
    TreeMap<Long, BlockId> votes = commits.computeIfAbsent(vote.view(), v -> new TreeMap<>());
    BlockId before = votes.get(vote.height());
    require(before == null || before.equals(vote.block()), "two COMMITs of one height", vote);
    if (before != null) {
      return;
    }
    require(!hasLeft(vote.view()), "a COMMIT of a view that it has left", vote);
    require(world.isPrepared(vote), "a COMMIT without a prepared certificate", vote);
    Map.Entry<Long, BlockId> lower = votes.lowerEntry(vote.height());
    Map.Entry<Long, BlockId> higher = votes.higherEntry(vote.height());
    require(
        (lower == null || world.descends(lower.getValue(), vote.block()))
            && (higher == null || world.descends(vote.block(), higher.getValue())),
        "COMMITs of one view on two chains",
        vote);
    votes.put(vote.height(), vote.block());
  }

  private void viewChange(ViewChange content) {
    Optional<Vote> prepared = content.highestPrepared().map(QuorumCertificate::vote);
    ViewChange before = viewChanges.get(content.newView());
    if (before != null) {
      require(
          before.highestPrepared().map(QuorumCertificate::vote).equals(prepared),
          "two VIEW-CHANGEs with different prepared certificates",
          content);
      return;
    }
    require(!hasLeft(content.newView()), "a VIEW-CHANGE to a view that it has left", content);
    if (!commits.isEmpty()) {
      Map.Entry<Long, TreeMap<Long, BlockId>> last = commits.lastEntry();
      Vote highest =
          prepared.orElseThrow(
              () -> new Violation(replica + " broke a rule: it forgot its COMMIT: " + content));
      require(
          highest.view() > last.getKey()
              || (highest.view() == last.getKey() && highest.height() >= last.getValue().lastKey()),
          "a VIEW-CHANGE below what it sent COMMIT for",
          content);
    }
    require(
        highestPrepared.isEmpty()
            || (prepared.isPresent()
                && BY_VIEW_THEN_HEIGHT.compare(highestPrepared.get(), prepared.get()) <= 0),
        "a VIEW-CHANGE with a lower prepared certificate than before",
        content);
    highestPrepared = prepared;
    viewChanges.put(content.newView(), content);
  }
}
