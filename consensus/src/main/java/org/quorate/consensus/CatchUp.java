package org.quorate.consensus;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.BadAnswer.Reason;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;
import org.quorate.consensus.message.Transfer.FetchCommitted;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Fetches final blocks with their certificates from several replicas at once (PROTOCOL.md, R17). A
 * replica that only lags within the window gets there by votes; so this begins when the gap is
 * wide, or when nothing has moved for a tick.
 *
 * <p>The lowest blocks that neither are here nor on their way are asked from the next replica in
 * turn that says to have them and owes nothing. What comes before the blocks below it is held.
 * Every block proves itself by its certificate, which was checked before it came here, so that
 * nobody needs to be trusted: a false claim or a bad answer costs its maker's own turn. That
 * certified blocks follow each other is for {@link Finality} to see; if they do not, more than f
 * are faulty.
 */
final class CatchUp {
  /** Blocks that one replica is asked for at a time: few, so that others get a share. */
  static final int RANGE_BLOCKS_MAX = 64;

  /** No block is asked for that lies further above the last one executed. */
  static final int AHEAD_BLOCKS_MAX = 512;

  /** Nothing is asked for while decided blocks that wait for their execution have more bytes. */
  static final long UNEXECUTED_BYTES_MAX = 32L << 20;

  /**
   * Only the lowest blocks are asked for while those that are held, and the answers on their way,
   * may have more bytes.
   */
  static final long HELD_BYTES_MAX = 16L << 20;

  /** Ticks to wait for an answer before another replica is asked. */
  static final int PATIENCE_TICKS = 4;

  private final BlockTree tree;
  private final CheckpointTracker checkpoints;
  private final Finality finality;
  private final Outbox outbox;
  private final PeerRotation peers;
  private final int wideGapBlocks;
  private final PeerStanding standing = new PeerStanding();
  private final RangeRequests requests = new RangeRequests();
  private final HeldBlocks held = new HeldBlocks();
  private final ProofFetch proofs;
  private final LostBlocks lost;
  private long heightAtTick;
  private boolean stalled = true;
  private boolean blocksNext = true;

  CatchUp(
      BlockTree tree,
      CheckpointTracker checkpoints,
      Finality finality,
      Outbox outbox,
      PeerRotation peers,
      LostBlocks lost,
      int windowBlocks) {
    this.tree = tree;
    this.checkpoints = checkpoints;
    this.finality = finality;
    this.outbox = outbox;
    this.peers = peers;
    this.lost = lost;
    this.proofs = new ProofFetch(checkpoints, requests, peers.count());
    this.wideGapBlocks = Math.max(1, windowBlocks / 2);
    this.heightAtTick = tree.root().height();
  }

  void onStatus(ReplicaId from, long committedHeight) {
    standing.claimed(from, committedHeight);
    pull();
  }

  /** The link to {@code peer} is new: what was on its way over the last one may be lost. */
  void onConnected(ReplicaId peer) {
    lost.answeredBy(peer);
    requests.giveUp(peer);
    pull();
  }

  /** What {@code from} sent was no message, or proved nothing: no answer will be taken from it. */
  void onRejected(ReplicaId from) {
    lost.answeredBy(from);
    if (requests.giveUp(from)) {
      blame(from, Reason.REJECTED);
      pull();
    }
  }

  /** Holds what {@code from} answered until {@link #next} gives it out. */
  void onAnswer(ReplicaId from, List<Item> items) {
    // Whoever was asked, and whenever: it proves itself like any other.
    items.stream().filter(item -> lost.found(height(item))).forEach(outbox::refetched);
    @Nullable BlockRange asked = requests.owedBy(from);
    if (asked == null || isLate(from, asked, items)) {
      holdUnasked(items);
      return;
    }
    requests.answered(from);
    boolean ofLost = lost.answeredBy(from);
    Optional<Reason> fault = fault(asked, items);
    if (fault.isPresent()) {
      blame(from, fault.get());
      return;
    }
    if (!ofLost && asked.to() <= tree.root().height()) {
      proofs.answered(from, items);
    } else if (!ofLost && items.isEmpty()) { // an old block it need not keep
      standing.lacks(from, asked.from());
    }
    if (!items.isEmpty()) {
      standing.good(from);
      items.forEach(held::add);
    }
  }

  private boolean isLate(ReplicaId from, BlockRange asked, List<Item> items) {
    return !items.isEmpty()
        && height(items.get(0)) != asked.from()
        && requests.isLate(from, height(items.get(0)));
  }

  /**
   * Blocks that nobody waits for prove themselves as well, but they may come at any rate: taken are
   * those that follow the root, while execution and proofs keep up, and those below it, which are
   * dropped at once unless they prove a fork.
   */
  private void holdUnasked(List<Item> items) {
    long root = tree.root().height();
    long next = root + 1;
    for (Item item : items) {
      if (height(item) <= root) {
        held.add(item);
      } else if (height(item) == next && !executionLags() && !proofs.holdsBack(next)) {
        held.add(item);
        next++;
      }
    }
  }

  /**
   * What is wrong with an answer. One that ends too early is none: it was long enough, or its
   * sender has not executed the rest.
   */
  private static Optional<Reason> fault(BlockRange asked, List<Item> items) {
    long expected = asked.from();
    long bytes = 0;
    for (Item item : items) {
      if (height(item) != expected || expected > asked.to()) {
        return Optional.of(Reason.WRONG_HEIGHTS);
      }
      if (bytes >= Transfer.BYTES_SOFT_MAX) {
        return Optional.of(Reason.TOO_LONG);
      }
      bytes += HeldBlocks.bytes(item);
      expected++;
    }
    return Optional.empty();
  }

  private static long height(Item item) {
    return item.block().block().height();
  }

  private void blame(ReplicaId peer, Reason reason) {
    standing.bad(peer);
    outbox.report(new BadAnswer(peer, reason));
  }

  void tick() {
    long height = tree.root().height();
    stalled = height == heightAtTick;
    heightAtTick = height;
    standing.tick();
    // One tick is all that such a question may keep its peer from what this replica needs to go on.
    lost.stopWaiting().ifPresent(requests::giveUp);
    for (ReplicaId silent : requests.tick(PATIENCE_TICKS)) {
      requests.giveUp(silent);
      blame(silent, Reason.SILENT);
    }
    askForProofs(proofs.tick());
    pull();
    askForLost();
  }

  /** The driver cannot read the final block of {@code height}, which it had. */
  void onLost(long height) {
    if (height >= 1 && height <= tree.root().height()) {
      lost.add(height);
    }
  }

  /** Of those that the questions before have left free. */
  private void askForLost() {
    Optional<Long> height = lost.next();
    if (height.isEmpty()) {
      return;
    }
    long wanted = height.get();
    lost.peers()
        .next(peer -> mayBeAsked(peer, wanted))
        .ifPresent(
            peer -> {
              lost.asked(peer, wanted);
              ask(peer, new BlockRange(wanted, wanted));
            });
  }

  /** The next block that is not above the one after the root. */
  Optional<Item> next() {
    return held.takeUpTo(tree.root().height() + 1);
  }

  /** Asks for what is next, if there is a reason and execution keeps up. */
  void pull() {
    boolean more = true;
    while (more && !executionLags()) {
      // By turns, if there is so little to ask: neither may keep the other waiting.
      more =
          blocksNext
              ? askForBlocks() || askForProofs(proofs.urgent())
              : askForProofs(proofs.urgent()) || askForBlocks();
    }
  }

  private boolean askForBlocks() {
    long from = lowestMissing();
    long least = Math.max(from, tree.root().height() + (stalled ? 1 : wideGapBlocks));
    if (from > checkpoints.executedHeight() + AHEAD_BLOCKS_MAX
        || !hasRoomFor(from)
        || proofs.holdsBack(from)) {
      return false;
    }
    Optional<ReplicaId> peer = nextPeer(least, any -> true);
    if (peer.isEmpty()) {
      return false;
    }
    ask(peer.get(), new BlockRange(from, lastOf(from, standing.claim(peer.get()))));
    blocksNext = false;
    return true;
  }

  private boolean executionLags() {
    return tree.root().height() - checkpoints.executedHeight() >= AHEAD_BLOCKS_MAX
        || finality.unexecutedBytes() >= UNEXECUTED_BYTES_MAX;
  }

  private boolean hasRoomFor(long from) {
    long mayCome = (requests.count() + 1L) * Transfer.BYTES_SOFT_MAX;
    // What is held can only be given out once the lowest are there.
    return from == tree.root().height() + 1 || held.bytes() + mayCome <= HELD_BYTES_MAX;
  }

  private long lowestMissing() {
    long height = tree.root().height() + 1;
    while (true) {
      @Nullable BlockRange underWay = requests.covering(height);
      if (underWay != null) {
        height = underWay.to() + 1;
      } else if (held.contains(height)) {
        height++;
      } else {
        return height;
      }
    }
  }

  private long lastOf(long from, long claim) {
    long last = Math.min(claim, from + RANGE_BLOCKS_MAX - 1);
    last = Math.min(last, checkpoints.executedHeight() + AHEAD_BLOCKS_MAX);
    for (OptionalLong taken : List.of(requests.nextAbove(from), held.nextAbove(from))) {
      last = Math.min(last, taken.orElse(Long.MAX_VALUE) - 1);
    }
    return last;
  }

  /** The next in turn that owes nothing, claims to have {@code least} and suits. */
  private Optional<ReplicaId> nextPeer(long least, Predicate<ReplicaId> suits) {
    Predicate<ReplicaId> able = peer -> mayBeAsked(peer, least) && suits.test(peer);
    Optional<ReplicaId> rested = peers.next(peer -> able.test(peer) && !standing.rests(peer));
    // If no other is left and nothing comes, one that may have been blamed for a bad link must do.
    return rested.isPresent() || !stalled || requests.count() > 0 ? rested : peers.next(able);
  }

  private boolean mayBeAsked(ReplicaId peer, long least) {
    return requests.owedBy(peer) == null && standing.claim(peer) >= least;
  }

  /** Certificates come with their blocks. */
  private boolean askForProofs(Optional<BlockRange> wanted) {
    Optional<ReplicaId> peer = wanted.flatMap(range -> nextPeer(range.from(), proofs::mayBeAsked));
    if (wanted.isEmpty() || peer.isEmpty()) {
      return false;
    }
    BlockRange range = wanted.get();
    long last = Math.min(range.to(), standing.claim(peer.get()));
    ask(peer.get(), new BlockRange(range.from(), last));
    blocksNext = true;
    return true;
  }

  private void ask(ReplicaId peer, BlockRange range) {
    requests.begin(peer, range);
    outbox.send(peer, new FetchCommitted(range.from(), range.to()));
  }
}
