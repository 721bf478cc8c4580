package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signable;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Vote;

/**
 * The normal case of a view: PRE-PREPARE, PREPARE, COMMIT (PROTOCOL.md, normal case; Castro &
 * Liskov, OSDI '99, §4.2). Which view it is, {@link ViewChanger} decides.
 */
final class Agreement {
  private final ChainSpec spec;
  private final ReplicaId self;
  private final Outbox outbox;
  private final BlockTree tree;
  private final CheckpointTracker checkpoints;
  private final BlockRules rules;
  private final Rotation rotation;
  private final VoteTally prepares;
  private final VoteTally commits;

  /** PRE-PREPAREs of this view: held until their parent is there, kept to be sent again. */
  private final TreeMap<Long, Signed<PrePrepare>> proposals = new TreeMap<>();

  /**
   * The last proposal that can never be accepted: what it is worth depends on its chain alone, so
   * it is looked at once.
   */
  private @Nullable BlockId refused;

  /** Commit certificates that were completed and not yet taken by {@link #takeCommitted}. */
  private final List<QuorumCertificate> committed = new ArrayList<>();

  private final CurrentView view;
  private Optional<QuorumCertificate> highestPrepared;

  /** The highest prepared certificate of this view, on which COMMITs are still to be sent. */
  private @Nullable QuorumCertificate prepared;

  /** The height of the last COMMIT sent in this view. */
  private long commitSent;

  private long nowMillis;

  Agreement(
      ChainSpec spec,
      ReplicaId self,
      Outbox outbox,
      BlockTree tree,
      CheckpointTracker checkpoints,
      JournalReplay past) {
    this.spec = spec;
    this.self = self;
    this.outbox = outbox;
    this.tree = tree;
    this.checkpoints = checkpoints;
    this.rules = new BlockRules(spec);
    this.rotation = new Rotation(spec.parameters().rotationIntervalBlocks());
    this.prepares = new VoteTally(Phase.PREPARE, spec.validators().quorum().quorum(), outbox);
    this.commits = new VoteTally(Phase.COMMIT, spec.validators().quorum().quorum(), outbox);
    this.view = new CurrentView(outbox, tree, past);
    this.highestPrepared = past.highestPrepared();
  }

  // The view.

  /** The view this replica is in, or waits to enter. */
  CurrentView view() {
    return view;
  }

  /** Whether the primary of the view has had its term (PROTOCOL.md, R23). */
  boolean termOver() {
    return rotation.over(view, tree.root().height());
  }

  ReplicaId primary() {
    return spec.validators().primary(view.number());
  }

  Optional<QuorumCertificate> highestPrepared() {
    return highestPrepared;
  }

  /** Leaves every view below {@code newView} for good. */
  void leave(long newView) {
    view.leave(newView);
    forgetView();
  }

  /**
   * Enters {@code newView} at {@code base}: the tip of its NEW-VIEW, or a block with a commit
   * certificate of it.
   */
  void enter(long newView, BlockId base) {
    if (newView > view.number()) {
      forgetView();
    }
    view.enter(newView, base);
  }

  private void forgetView() {
    prepares.clear();
    commits.clear();
    proposals.clear();
    prepared = null;
    commitSent = 0;
  }

  // What others say.

  void onPrePrepare(Signed<PrePrepare> proposal) {
    PrePrepare content = proposal.content();
    if (content.view() != view.number()
        || !proposal.signer().equals(primary())
        || !checkpoints.inWindow(content.block().height())) {
      return;
    }
    proposals.putIfAbsent(content.block().height(), proposal);
    count(content.vote(), proposal);
  }

  void onVote(Vote vote, Signed<?> message) {
    if (vote.view() == view.number() && checkpoints.inWindow(vote.height())) {
      count(vote, message);
    }
  }

  private void count(Vote vote, Signed<?> message) {
    if (vote.phase() == Phase.COMMIT) {
      commits.add(vote, message).ifPresent(committed::add);
      return;
    }
    Optional<QuorumCertificate> certificate = prepares.add(vote, message);
    if (certificate.isPresent() && (prepared == null || prepared.vote().height() < vote.height())) {
      prepared = certificate.get();
    }
  }

  /** Whether certificates were completed that nobody has acted on yet. */
  boolean hasMore() {
    return !committed.isEmpty() || commitable().isPresent();
  }

  /** The commit certificates completed since this was last asked. */
  List<QuorumCertificate> takeCommitted() {
    if (committed.isEmpty()) {
      return List.of();
    }
    List<QuorumCertificate> taken = List.copyOf(committed);
    committed.clear();
    return taken;
  }

  // What this replica says.

  /** Casts every vote that may be cast now. */
  void advance(long now) {
    nowMillis = Math.max(nowMillis, now);
    voteForBase();
    acceptProposals();
    sendCommits();
  }

  /** The PREPARE for the tip at which the view begins (PROTOCOL.md, R14). */
  private void voteForBase() {
    if (view.mayVoteForBase() && view.base().height() > checkpoints.stableHeight()) {
      view.vote(view.base());
      prepare(view.base());
    }
  }

  /** PROTOCOL.md, R2. */
  private void acceptProposals() {
    for (Map.Entry<Long, Signed<PrePrepare>> next = proposals.higherEntry(tree.root().height());
        next != null;
        next = proposals.higherEntry(next.getKey())) {
      Block block = next.getValue().content().block();
      BlockId parent = new BlockId(block.height() - 1, block.header().parentHash());
      if (!view.mayExtend(parent) || !rotation.withinTerm(view, block.height())) {
        continue;
      }
      Optional<BlockHeader> parentHeader = tree.header(parent);
      if (parentHeader.isEmpty() || block.id().equals(refused)) {
        return; // what follows would stand on it
      }
      BlockRules.Validity validity = rules.check(block, parentHeader.get(), nowMillis);
      if (validity == BlockRules.Validity.EARLY) {
        return;
      }
      if (validity == BlockRules.Validity.INVALID || !accept(block)) {
        refused = block.id();
        return;
      }
      prepare(block.id());
    }
  }

  /** Takes a block in and votes for it, unless it repeats a transaction. */
  private boolean accept(Block block) {
    if (!tree.contains(block.id())) {
      if (!tree.add(block)) {
        return false;
      }
      outbox.journal(new JournalRecord.Accepted(block));
    }
    view.vote(block.id());
    return true;
  }

  private void prepare(BlockId block) {
    Prepare prepare = new Prepare(view.number(), block);
    count(prepare.vote(), multicast(prepare));
  }

  private <C extends Signable> Signed<C> multicast(C content) {
    Signed<C> signed = outbox.sign(content);
    outbox.multicast(signed);
    return signed;
  }

  /**
   * Sends COMMIT for a prepared block and for every ancestor that has none of this view yet: they
   * are covered by the same certificate.
   */
  private void sendCommits() {
    Optional<QuorumCertificate> due = commitable();
    if (due.isEmpty()) {
      return;
    }
    QuorumCertificate certificate = due.get();
    prepared = null;
    if (!extendsPrepared(certificate)) {
      return;
    }
    if (highestPrepared.isEmpty()
        || NewViewRules.BY_VIEW_THEN_HEIGHT.compare(
                certificate.vote(), highestPrepared.get().vote())
            > 0) {
      outbox.journal(new JournalRecord.Prepared(certificate));
      highestPrepared = Optional.of(certificate);
    }
    commitUpTo(certificate.vote().block());
  }

  /**
   * Whether a certificate of this view lies on the chain of what was prepared in it before. Were it
   * otherwise, more than f are faulty; still this replica's COMMITs of one view must lie on one
   * chain, or it would be accused with them (PROTOCOL.md, R7, A2).
   */
  private boolean extendsPrepared(QuorumCertificate certificate) {
    return highestPrepared
        .map(QuorumCertificate::vote)
        .filter(before -> before.view() == certificate.vote().view())
        .map(before -> tree.descends(before.block(), certificate.vote().block()))
        .orElse(true);
  }

  /**
   * A block became final. One prepared at its height in that view or a later one is the same, or
   * more than f are faulty (PROTOCOL.md, R9).
   */
  void checkFinal(BlockId block, long commitView) {
    highestPrepared
        .map(QuorumCertificate::vote)
        .filter(vote -> vote.view() >= commitView && vote.height() == block.height())
        .filter(vote -> !vote.block().equals(block))
        .ifPresent(
            vote -> {
              throw new AssertionError(
                  block
                      + " is final in view "
                      + commitView
                      + " beside what was prepared: "
                      + vote
                      + "; more than f validators are faulty");
            });
  }

  /**
   * The prepared certificate to act on. Not before the view is entered: until then this replica's
   * VIEW-CHANGE for it stands, which reports certificates of lower views.
   */
  private Optional<QuorumCertificate> commitable() {
    return Optional.ofNullable(prepared)
        .filter(certificate -> view.open() && tree.contains(certificate.vote().block()));
  }

  private void commitUpTo(BlockId block) {
    List<BlockId> chain = new ArrayList<>();
    if (block.height() <= tree.root().height()) {
      chain.add(block);
    } else {
      tree.path(block).forEach(above -> chain.add(above.id()));
    }
    for (BlockId id : chain) {
      if (id.height() > commitSent && id.height() > checkpoints.stableHeight()) {
        commitSent = id.height();
        Commit commit = new Commit(view.number(), id);
        count(commit.vote(), multicast(commit));
      }
    }
  }

  /** A prepared block whose body this replica lacks, or the tip of the view. */
  Optional<MissingBlock> missing() {
    return Optional.ofNullable(prepared)
        .map(certificate -> certificate.vote().block())
        .filter(block -> !tree.contains(block))
        .or(() -> Optional.of(view.base()).filter(base -> view.active() && !tree.contains(base)))
        .map(block -> new MissingBlock(block, primary()));
  }

  /** The low watermark moved. */
  void forgetBelowWatermark() {
    long stable = checkpoints.stableHeight();
    prepares.forgetUpTo(stable);
    commits.forgetUpTo(stable);
    while (!proposals.isEmpty() && proposals.firstKey() <= stable) {
      proposals.pollFirstEntry();
    }
    view.forgetUpTo(stable);
  }

  /** Blocks that a later certificate may still ask for. */
  List<BlockId> liveTips() {
    List<BlockId> tips = new ArrayList<>(view.tips());
    highestPrepared.ifPresent(certificate -> tips.add(certificate.vote().block()));
    return tips;
  }

  // The primary's part.

  /** The place that this replica, as primary, may fill. */
  Optional<ProposalSlot> proposalSlot() {
    BlockId parent = view.tip();
    boolean open =
        view.active()
            && primary().equals(self)
            && view.mayExtend(parent)
            && parent.height() >= tree.root().height()
            && rotation.withinTerm(view, parent.height() + 1)
            && checkpoints.inWindow(parent.height() + 1);
    return open
        ? Optional.of(
            new ProposalSlot(view.number(), parent, (int) (parent.height() - tree.root().height())))
        : Optional.empty();
  }

  /**
   * Proposes a block of those {@code transactions} that are fresh, none if there are none
   * (PROTOCOL.md, R1).
   */
  void propose(ProposalSlot slot, List<Transaction> transactions, long now) {
    Optional<BlockHeader> parent = tree.header(slot.parent());
    Optional<ProposalSlot> open = proposalSlot();
    if (parent.isEmpty() || open.isEmpty() || !open.get().equals(slot)) {
      return;
    }
    List<Transaction> fresh = tree.fresh(slot.parent(), transactions);
    if (fresh.isEmpty()) {
      return;
    }
    BlockHeader header =
        new BlockHeader(
            slot.height(),
            slot.parent().hash(),
            view.number(),
            Math.max(now, parent.get().timestampMillis() + 1),
            self,
            Block.transactionsRoot(fresh),
            fresh.size(),
            spec.validators().hash());
    Block block = new Block(spec.chainHash(), header, fresh);
    if (!accept(block)) {
      throw new AssertionError("fresh transactions were refused for " + block);
    }
    announce(block);
  }

  /** The primary's PRE-PREPARE, which is its PREPARE. */
  private void announce(Block block) {
    Signed<PrePrepare> proposal = multicast(new PrePrepare(view.number(), block));
    proposals.put(block.height(), proposal);
    count(proposal.content().vote(), proposal);
  }

  // After a restart, and when others have lost what was sent.

  /** Says again what this replica said in the view before it stopped. */
  void announceAgain() {
    if (!view.open()) {
      return;
    }
    for (BlockId id : view.votesAbove(checkpoints.stableHeight())) {
      Optional<Block> block = tree.block(id.hash()).filter(this::isOwnProposal);
      if (block.isPresent()) {
        announce(block.get());
      } else {
        prepare(id);
      }
    }
    highestPrepared
        .filter(certificate -> certificate.vote().view() == view.number())
        .map(certificate -> certificate.vote().block())
        .filter(tree::contains)
        .ifPresent(this::commitUpTo);
  }

  private boolean isOwnProposal(Block block) {
    return block.header().proposer().equals(self) && block.header().proposedView() == view.number();
  }

  /** The COMMITs of {@code signer} in this view that are still held. */
  List<Signed<?>> commitsOf(ReplicaId signer) {
    return commits.heightsAbove(0).stream()
        .flatMap(height -> commits.message(height, signer).stream())
        .<Signed<?>>map(message -> message)
        .toList();
  }

  VoteTally prepares() {
    return prepares;
  }

  VoteTally commits() {
    return commits;
  }

  Optional<Signed<PrePrepare>> proposal(long height) {
    return Optional.ofNullable(proposals.get(height));
  }

  /** The highest prepared certificate as a record. */
  List<JournalRecord> livePrepared() {
    return highestPrepared
        .map(certificate -> List.<JournalRecord>of(new JournalRecord.Prepared(certificate)))
        .orElse(List.of());
  }
}
