package org.quorate.node.simulation;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.RecoveryStatus.Phase;
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
import org.quorate.ledger.proof.CheckpointCertificate;
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
  private final Map<Long, TreeMap<Long, BlockId>> prepares = new HashMap<>();
  private final Map<Long, TreeMap<Long, BlockId>> commits = new HashMap<>();
  private final Map<Long, Checkpoint> checkpoints = new HashMap<>();
  private final Map<Long, NewView> newViews = new HashMap<>();
  private final Map<Long, ViewChange> viewChanges = new HashMap<>();

  /** The highest view that it asked for by VIEW-CHANGE. */
  private long leftFor = -1;

  private Optional<Vote> highestPrepared = Optional.empty();

  /** The greatest COMMIT by (view, height) since its disk was lost, and of all before. */
  private Optional<Vote> lastCommit = Optional.empty();

  private Optional<Vote> forgottenCommit = Optional.empty();
  private long forgottenHeight;
  private long forgottenVoteHeight;

  /** It must have been told of this view, and vote in none up to it. */
  private long forgottenView = -1;

  /** The highest view of its statements when its disk was lost. */
  private long lostView = -1;

  private boolean lost;

  /** It has noticed that it forgot something, since its disk was lost the last time. */
  private boolean knows;

  private boolean votedAgain;

  SignedHistory(ReplicaId replica, World world) {
    this.replica = replica;
    this.world = world;
  }

  /**
   * The disk is lost, or what was written to it last: perhaps nothing. What the replica signs from
   * now on must not contradict what it signed before, but for one thing: its VIEW-CHANGEs need not
   * know of a COMMIT that a stable checkpoint has passed (PROTOCOL.md, R22).
   *
   * @param all whether nothing is left of it
   */
  void lost(boolean all) {
    highestPrepared = Optional.empty();
    forgottenCommit = lastCommit.or(() -> forgottenCommit);
    forgottenHeight = greatest(commits);
    forgottenVoteHeight = greatest(prepares);
    lostView =
        Stream.of(prepares, commits, viewChanges, newViews)
            .flatMap(statements -> statements.keySet().stream())
            .max(Long::compare)
            .orElse(-1L);
    forgottenView = all ? lostView : forgottenView;
    lastCommit = Optional.empty();
    lost = true;
    knows = false;
    votedAgain = false;
  }

  private static long greatest(Map<Long, ? extends NavigableMap<Long, BlockId>> votes) {
    return votes.values().stream().mapToLong(NavigableMap::lastKey).max().orElse(0);
  }

  boolean hasLost() {
    return lost;
  }

  boolean votedAgain() {
    return votedAgain;
  }

  /** What it was told of what it forgot must cover that (PROTOCOL.md, e and f). */
  void recovery(RecoveryStatus status) {
    Phase phase = status.phase();
    require(lost || phase != Phase.FORGOT, "a replica forgot and had its disk all along", status);
    if (phase == Phase.FORGOT) {
      forgottenView = lostView;
      knows = true;
    }
    // What it was told of an earlier loss says nothing of one that it did not notice.
    if (knows && (phase == Phase.TOLD || phase == Phase.VOTING)) {
      require(status.silentThroughView() >= forgottenView, "told of too low a view", status);
      require(status.untilHeight() >= forgottenHeight, "told of too low a height", status);
      require(
          status.untilHeight() + world.windowBlocks() >= forgottenVoteHeight,
          "told of a height more than a window below its votes",
          status);
    }
  }

  private static boolean covers(Optional<Vote> prepared, Optional<Vote> commit) {
    return commit.isEmpty()
        || (prepared.isPresent() && BY_VIEW_THEN_HEIGHT.compare(prepared.get(), commit.get()) >= 0);
  }

  private boolean passed(ViewChange content) {
    return content.stable().map(CheckpointCertificate::height).orElse(0L) >= forgottenHeight;
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
    require(vote.view() > forgottenView, "a PREPARE of a view of its forgotten life", vote);
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
    votedAgain = lost;
  }

  private boolean hasLeft(long view) {
    return leftFor > view;
  }

  private void commit(Vote vote) {
    TreeMap<Long, BlockId> votes = commits.computeIfAbsent(vote.view(), v -> new TreeMap<>());
    BlockId before = votes.get(vote.height());
    require(before == null || before.equals(vote.block()), "two COMMITs of one height", vote);
    if (before != null) {
      return;
    }
    require(!hasLeft(vote.view()), "a COMMIT of a view that it has left", vote);
    require(vote.view() > forgottenView, "a COMMIT of a view of its forgotten life", vote);
    require(world.isPrepared(vote), "a COMMIT without a prepared certificate", vote);
    Map.Entry<Long, BlockId> lower = votes.lowerEntry(vote.height());
    Map.Entry<Long, BlockId> higher = votes.higherEntry(vote.height());
    require(
        (lower == null || world.descends(lower.getValue(), vote.block()))
            && (higher == null || world.descends(vote.block(), higher.getValue())),
        "COMMITs of one view on two chains",
        vote);
    if (lastCommit.isEmpty() || BY_VIEW_THEN_HEIGHT.compare(vote, lastCommit.get()) > 0) {
      lastCommit = Optional.of(vote);
    }
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
    require(
        content.newView() > forgottenView,
        "a VIEW-CHANGE to a view of its forgotten life",
        content);
    require(covers(prepared, lastCommit), "a VIEW-CHANGE that forgot its COMMIT", content);
    require(
        covers(prepared, forgottenCommit) || passed(content),
        "a VIEW-CHANGE that forgot a COMMIT which is not stable",
        content);
    require(
        highestPrepared.isEmpty()
            || (prepared.isPresent()
                && BY_VIEW_THEN_HEIGHT.compare(highestPrepared.get(), prepared.get()) <= 0),
        "a VIEW-CHANGE with a lower prepared certificate than before",
        content);
    highestPrepared = prepared;
    viewChanges.put(content.newView(), content);
    leftFor = content.newView();
  }
}
