package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.membership.Quorum;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.DivergenceError;
import org.quorate.ledger.proof.SignatureSet;

/**
 * Collects CHECKPOINTs (PROTOCOL.md, R10; Castro & Liskov, OSDI '99, §4.3). With f+1 equal ones the
 * result of a block is proven to clients; with a quorum it is stable, which moves the low
 * watermark.
 *
 * <p>A checkpoint becomes stable here only once this replica has executed the block itself: a
 * replica that lags a little still needs the votes below the others' watermark.
 */
final class CheckpointTracker {
  /** What is known of one height. */
  private static final class Entry {
    final TreeMap<ReplicaId, Signed<CheckpointVote>> votes = new TreeMap<>();

    /** This replica's own result. */
    @Nullable Checkpoint mine;

    /** The certificate with the most signers so far, at least f+1. */
    @Nullable CheckpointCertificate best;

    /** How many signers the certificate had that was put out last; 0 for none. */
    int signersPutOut;
  }

  private final int windowBlocks;

  /**
   * How many blocks below and above the last one executed are tracked: what is caught up with comes
   * with its certificate long before it is executed here.
   */
  private final long trackedBlocks;

  private final Quorum quorum;
  private final Outbox outbox;

  /** Of the heights that are {@link #tracked}, and of results that are still not proven. */
  private final TreeMap<Long, Entry> entries = new TreeMap<>();

  /** The last heights executed here that have no certificate yet. */
  private final TreeSet<Long> unproven = new TreeSet<>();

  private long executedHeight;
  private Optional<CheckpointCertificate> stable;
  private long stableHeight;

  CheckpointTracker(ChainSpec spec, Outbox outbox, ChainTip tip) {
    this.windowBlocks = spec.parameters().windowBlocks();
    this.trackedBlocks = 2L * windowBlocks + CatchUp.AHEAD_BLOCKS_MAX;
    this.quorum = spec.validators().quorum();
    this.outbox = outbox;
    this.executedHeight = tip.block().height();
    this.stable = tip.stable();
    this.stableHeight = stable.map(CheckpointCertificate::height).orElse(0L);
    tip.unstable().stream()
        .filter(checkpoint -> tracked(checkpoint.height()))
        .forEach(checkpoint -> entry(checkpoint.height()).mine = checkpoint);
    tip.unproven().forEach(this::hasExecuted);
  }

  private Entry hasExecuted(Checkpoint checkpoint) {
    Entry entry = entry(checkpoint.height());
    entry.mine = checkpoint;
    unproven.add(checkpoint.height());
    return entry;
  }

  private Entry entry(long height) {
    return entries.computeIfAbsent(height, any -> new Entry());
  }

  /** The stable checkpoint's certificate; empty while it is the genesis block. */
  Optional<CheckpointCertificate> stable() {
    return stable;
  }

  /** The low watermark: the height of the stable checkpoint. */
  long stableHeight() {
    return stableHeight;
  }

  /** Whether replicas vote at {@code height}: above the low and not above the high watermark. */
  boolean inWindow(long height) {
    return height > stableHeight && height <= highWatermark(stableHeight);
  }

  /** The high watermark of a replica whose stable checkpoint is at this height. */
  long highWatermark(long stableHeight) {
    return stableHeight + windowBlocks;
  }

  /** Up to where a replica that has executed so much keeps what is said of results. */
  long highestTracked(long executedHeight) {
    return executedHeight + trackedBlocks;
  }

  /** The last block executed here. */
  long executedHeight() {
    return executedHeight;
  }

  /** This replica executed a block: it tells the others with what result. */
  void executed(Checkpoint checkpoint) {
    if (checkpoint.height() != executedHeight + 1) {
      throw new AssertionError(
          "block " + checkpoint.height() + " was executed after block " + executedHeight);
    }
    executedHeight = checkpoint.height();
    Entry entry = hasExecuted(checkpoint);
    if (entry.best != null) {
      settle(checkpoint, entry.best, entry); // it was certified by others before
    }
    // A replica that is late need not tell others what a quorum has told already.
    if (entry.signersPutOut < quorum.quorum()) {
      add(announce(checkpoint));
    }
    forgetUntracked();
  }

  /** After a restart: says again what may not have been heard. */
  void announceAgain() {
    for (Entry entry : List.copyOf(entries.values())) {
      @Nullable Checkpoint mine = entry.mine;
      if (mine != null) {
        // Of what lies further below its word is for those alone who ask for the block.
        add(mine.height() < lowestTracked() ? sign(mine) : announce(mine));
      }
    }
  }

  private Signed<CheckpointVote> announce(Checkpoint checkpoint) {
    Signed<CheckpointVote> vote = sign(checkpoint);
    outbox.multicast(vote);
    return vote;
  }

  private Signed<CheckpointVote> sign(Checkpoint checkpoint) {
    return outbox.sign(new CheckpointVote(checkpoint));
  }

  /** Counts a CHECKPOINT: the first of each signer for a height. */
  void add(Signed<CheckpointVote> vote) {
    Checkpoint checkpoint = vote.content().checkpoint();
    if (!tracked(checkpoint.height())) {
      return;
    }
    Entry entry = entry(checkpoint.height());
    @Nullable Signed<CheckpointVote> earlier = entry.votes.putIfAbsent(vote.signer(), vote);
    if (earlier != null) {
      if (!earlier.content().equals(vote.content())) {
        outbox.accuse(earlier, vote);
      }
      return;
    }
    if (entry.votes.size() < quorum.weakQuorum()) {
      return;
    }
    TreeMap<ReplicaId, Signature> signatures = new TreeMap<>();
    entry.votes.forEach(
        (signer, other) -> {
          if (other.content().equals(vote.content())) {
            signatures.put(signer, other.signature());
          }
        });
    if (signatures.size() >= quorum.weakQuorum()) {
      certified(new CheckpointCertificate(checkpoint, new SignatureSet(signatures)));
    }
  }

  private boolean tracked(long height) {
    return (height >= lowestTracked() && height <= highestTracked(executedHeight))
        || entries.containsKey(height);
  }

  /**
   * A window below the watermark, so that every block gets its proof. What is caught up with may
   * come with certificates of f+1 for as long as its senders like, and then the watermark stays
   * behind: but whoever voted for a block had a stable checkpoint at most a window below it, so
   * this replica's word is needed for none far below.
   */
  private long lowestTracked() {
    return Math.max(1, Math.max(stableHeight - windowBlocks + 1, executedHeight - trackedBlocks));
  }

  private void forgetUntracked() {
    unproven.headSet(executedHeight - ChainTip.UNPROVEN_BLOCKS_MAX, true).clear();
    entries.headMap(lowestTracked(), false).keySet().removeIf(height -> !unproven.contains(height));
  }

  /** The lowest block above {@code above}, up to {@code upTo}, whose result it cannot prove. */
  OptionalLong lowestUnproven(long above, long upTo) {
    @Nullable Long lowest = unproven.higher(above);
    return lowest == null || lowest > upTo ? OptionalLong.empty() : OptionalLong.of(lowest);
  }

  /** The highest such block up to {@code upTo}; 0 for none. */
  long highestUnproven(long upTo) {
    @Nullable Long highest = unproven.floor(upTo);
    return highest == null ? 0 : highest;
  }

  /** Takes a checkpoint that f+1 or more replicas signed. */
  void certified(CheckpointCertificate certificate) {
    long height = certificate.height();
    if (!tracked(height)) {
      return;
    }
    Entry entry = entry(height);
    if (entry.best == null || entry.best.signatures().size() < certificate.signatures().size()) {
      entry.best = certificate;
    }
    if (entry.mine != null) {
      settle(entry.mine, entry.best, entry);
    }
  }

  private void settle(Checkpoint mine, CheckpointCertificate best, Entry entry) {
    if (!mine.equals(best.checkpoint())) {
      throw new DivergenceError(mine, best);
    }
    int signers = best.signatures().size();
    boolean byQuorum = signers >= quorum.quorum();
    if (entry.signersPutOut == 0 || (byQuorum && entry.signersPutOut < quorum.quorum())) {
      entry.signersPutOut = signers;
      unproven.remove(mine.height());
      outbox.certify(best);
    }
    if (byQuorum && mine.height() > stableHeight) {
      stable = Optional.of(best);
      stableHeight = best.height();
      forgetUntracked();
    }
  }

  /** The signer's CHECKPOINTs above {@code height} and up to another, {@code limit} of them. */
  List<Signed<CheckpointVote>> votesBetween(long height, long upTo, int limit, ReplicaId signer) {
    List<Signed<CheckpointVote>> found = new ArrayList<>();
    for (Entry entry : entries.subMap(height, false, Math.max(height, upTo), true).values()) {
      @Nullable Signed<CheckpointVote> vote = entry.votes.get(signer);
      if (vote != null && found.size() < limit) {
        found.add(vote);
      }
    }
    return found;
  }

  /** This replica's CHECKPOINTs of results in {@code range} that it cannot prove. */
  List<Signed<CheckpointVote>> unprovenVotes(BlockRange range, int limit, ReplicaId signer) {
    return unproven.subSet(range.from(), true, range.to(), true).stream()
        .flatMap(height -> Optional.ofNullable(entry(height).votes.get(signer)).stream())
        .limit(limit)
        .toList();
  }

  /** Votes held, for the bounds that tests check. */
  int size() {
    return entries.values().stream().mapToInt(entry -> entry.votes.size()).sum();
  }
}
