package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
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
  private final VoteTally prepares;
  private final VoteTally commits;

  /** PRE-PREPAREs of this view: held until their parent is there, kept to be sent again. */
  private final TreeMap<Long, Signed<PrePrepare>> proposals = new TreeMap<>();

  /** Commit certificates that were completed and not yet taken by {@link #takeCommitted}. */
  private final List<QuorumCertificate> committed = new ArrayList<>();

  /** This replica's votes of the view, for the journal. */
  private final TreeMap<Long, BlockId> ownVotes = new TreeMap<>();

  private long view;
  private boolean active;
  private BlockId base;
  private LinearVoting voting;
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
    this.prepares = new VoteTally(Phase.PREPARE, spec.validators().quorum().quorum(), outbox);
    this.commits = new VoteTally(Phase.COMMIT, spec.validators().quorum().quorum(), outbox);
    this.view = past.view();
    this.active = past.active();
    this.base = past.base();
    this.voting = new LinearVoting(tree, base);
    this.highestPrepared = past.highestPrepared();
    past.votes().values().forEach(voting::recovered);
    this.ownVotes.putAll(past.votes());
    if (past.abstaining()) {
      voting.abstain();
    }
    past.commitView().ifPresent(commitView -> finalized(tree.root(), commitView));
  }

  // The view.

  long view() {
    return view;
  }

  boolean active() {
    return active;
  }

  ReplicaId primary() {
    return spec.validators().primary(view);
  }

  Optional<QuorumCertificate> highestPrepared() {
    return highestPrepared;
  }

  /** Leaves every view below {@code newView} for good. */
  void leave(long newView) {
    outbox.journal(new JournalRecord.ViewLeft(newView));
    begin(newView, false);
  }

  /**
   * Enters {@code newView} at {@code newBase}: the tip of its NEW-VIEW, or a block with a commit
   * certificate of it. The current view may be entered if that has not happened yet.
   */
  void enter(long newView, BlockId newBase) {
    outbox.journal(new JournalRecord.ViewEntered(newView, newBase));
    if (newView > view) {
      begin(newView, true);
    }
    active = true;
    base = newBase;
    voting = new LinearVoting(tree, base);
  }

  private void begin(long newView, boolean entered) {
    view = newView;
    active = entered;
    prepares.clear();
    commits.clear();
    proposals.clear();
    ownVotes.clear();
    prepared = null;
    commitSent = 0;
  }

  /** Whether something of this view is begun and not final. */
  boolean unfinished() {
    return !tree.contains(base)
        || base.height() > tree.root().height()
        || voting.lastVote().map(vote -> vote.height() > tree.root().height()).orElse(false);
  }

  // What others say.

  void onPrePrepare(Signed<PrePrepare> proposal) {
    PrePrepare content = proposal.content();
    if (content.view() != view
        || !proposal.signer().equals(primary())
        || !checkpoints.inWindow(content.block().height())) {
      return;
    }
    proposals.putIfAbsent(content.block().height(), proposal);
    count(content.vote(), proposal);
  }

  void onVote(Vote vote, Signed<?> message) {
    if (vote.view() == view && checkpoints.inWindow(vote.height())) {
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
    return !committed.isEmpty() || (prepared != null && tree.contains(prepared.vote().block()));
  }

  /** The commit certificates completed since this was last asked. */
  List<QuorumCertificate> takeCommitted() {
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

  /** The PREPARE for the tip at which the view begins (PROTOCOL.md, new view). */
  private void voteForBase() {
    if (active && base.height() > checkpoints.stableHeight() && voting.mayVoteForBase(base)) {
      vote(base);
      prepare(new Prepare(view, base));
    }
  }

  private void acceptProposals() {
    if (!active) {
      return;
    }
    for (Signed<PrePrepare> proposal :
        List.copyOf(proposals.tailMap(tree.root().height(), false).values())) {
      Block block = proposal.content().block();
      BlockId parent = new BlockId(block.height() - 1, block.header().parentHash());
      if (voting.lastVote().map(last -> last.height() >= block.height()).orElse(false)
          || !voting.mayExtend(parent)) {
        continue;
      }
      Optional<BlockHeader> parentHeader = tree.header(parent);
      if (parentHeader.isEmpty()
          || rules.check(block, parentHeader.get(), nowMillis) != BlockRules.Validity.VALID
          || !accept(block)) {
        return; // what follows would stand on it
      }
      prepare(new Prepare(view, block.id()));
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
    vote(block.id());
    return true;
  }

  private void vote(BlockId block) {
    outbox.journal(new JournalRecord.Voted(view, block));
    voting.voted(block);
    ownVotes.put(block.height(), block);
  }

  private void prepare(Prepare prepare) {
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
    @Nullable QuorumCertificate certificate = prepared;
    if (certificate == null || !tree.contains(certificate.vote().block())) {
      return;
    }
    prepared = null;
    if (highestPrepared.isEmpty()
        || NewViewRules.BY_VIEW_THEN_HEIGHT.compare(certificate, highestPrepared.get()) > 0) {
      outbox.journal(new JournalRecord.Prepared(certificate));
      highestPrepared = Optional.of(certificate);
    }
    commitUpTo(certificate.vote().block());
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
        Commit commit = new Commit(view, id);
        count(commit.vote(), multicast(commit));
      }
    }
  }

  /** A prepared block whose body this replica lacks, or the tip of the view. */
  Optional<BlockId> missing() {
    if (prepared != null && !tree.contains(prepared.vote().block())) {
      return Optional.of(prepared.vote().block());
    }
    return active && !tree.contains(base) ? Optional.of(base) : Optional.empty();
  }

  // What becomes of it.

  /** A block became final, by a commit certificate of {@code commitView}. */
  void finalized(BlockId block, long commitView) {
    boolean certifiedInView = active && commitView == view;
    if (certifiedInView && block.height() > base.height()) {
      base = block;
    }
    boolean abstained = voting.abstaining();
    voting.finalized(block, certifiedInView);
    if (voting.abstaining() && !abstained) {
      outbox.journal(new JournalRecord.Abstained(view));
    }
  }

  /** The low watermark moved. */
  void forgetBelowWatermark() {
    long stable = checkpoints.stableHeight();
    prepares.forgetUpTo(stable);
    commits.forgetUpTo(stable);
    proposals.headMap(stable, true).clear();
    ownVotes
        .headMap(Math.min(stable, ownVotes.isEmpty() ? 0 : ownVotes.lastKey() - 1), true)
        .clear();
  }

  /** Blocks that a later certificate may still ask for. */
  List<BlockId> liveTips() {
    List<BlockId> tips = new ArrayList<>();
    tips.add(base);
    voting.lastVote().ifPresent(tips::add);
    highestPrepared.ifPresent(certificate -> tips.add(certificate.vote().block()));
    return tips;
  }

  // The primary's part.

  /** The place that this replica, as primary, may fill. */
  Optional<ProposalSlot> proposalSlot() {
    if (!active || !primary().equals(self)) {
      return Optional.empty();
    }
    BlockId parent = voting.lastVote().filter(v -> v.height() >= base.height()).orElse(base);
    boolean open =
        voting.mayExtend(parent)
            && parent.height() >= tree.root().height()
            && checkpoints.inWindow(parent.height() + 1);
    return open
        ? Optional.of(
            new ProposalSlot(view, parent, (int) (parent.height() - tree.root().height())))
        : Optional.empty();
  }

  /** Proposes a block of those {@code transactions} that are fresh; none if there are none. */
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
            view,
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
    Signed<PrePrepare> proposal = multicast(new PrePrepare(view, block));
    proposals.put(block.height(), proposal);
    count(proposal.content().vote(), proposal);
  }

  // After a restart, and when others have lost what was sent.

  /** Says again what this replica said in the view before it stopped. */
  void announceAgain() {
    for (BlockId id : List.copyOf(ownVotes.tailMap(checkpoints.stableHeight(), false).values())) {
      Optional<Block> block = tree.block(id.hash()).filter(this::isOwnProposal);
      if (block.isPresent()) {
        announce(block.get());
      } else {
        prepare(new Prepare(view, id));
      }
    }
    highestPrepared
        .filter(certificate -> certificate.vote().view() == view)
        .map(certificate -> certificate.vote().block())
        .filter(tree::contains)
        .ifPresent(this::commitUpTo);
  }

  private boolean isOwnProposal(Block block) {
    return block.header().proposer().equals(self) && block.header().proposedView() == view;
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

  /** What the journal must hold of this view. */
  List<JournalRecord> liveRecords() {
    List<JournalRecord> records = new ArrayList<>();
    records.add(
        active ? new JournalRecord.ViewEntered(view, base) : new JournalRecord.ViewLeft(view));
    if (voting.abstaining()) {
      records.add(new JournalRecord.Abstained(view));
    }
    tree.blocks().forEach(block -> records.add(new JournalRecord.Accepted(block)));
    ownVotes.values().forEach(id -> records.add(new JournalRecord.Voted(view, id)));
    highestPrepared.ifPresent(certificate -> records.add(new JournalRecord.Prepared(certificate)));
    return records;
  }
}
