package org.quorate.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.quorate.consensus.message.CheckpointVote;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.RejectedException;
import org.quorate.consensus.message.Signable;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * One replica whose surroundings a test makes by hand: what the others say, signed with their keys
 * and sent as bytes; its timers; its disk. Keeps all that it put out since {@link #forget}.
 */
final class SingleReplica {
  private final TestChain chain;
  private final ReplicaId self;
  private final List<JournalRecord> journal = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();
  private final TestLedger ledger;
  private final List<CommittedBlock> undone = new ArrayList<>();
  private Replica replica;
  private long lives;
  private long asked;
  private OptionalLong viewTimer = OptionalLong.empty();
  private long nowMillis = TestChain.GENESIS_MILLIS + 60_000;

  SingleReplica(TestChain chain, int self) {
    this.chain = chain;
    this.self = new ReplicaId(self);
    this.ledger = new TestLedger(chain);
    restart();
  }

  /** Dies, with all that it put out on the disk, and begins again; what it had put out is gone. */
  void restart() {
    restart(List.copyOf(journal));
  }

  /** Dies and begins again with another journal; none of the others knows more than it does. */
  void restart(List<JournalRecord> records) {
    restartUnanswered(records);
    for (ReplicaId other : chain.spec().validators().replicas()) {
      if (!other.equals(self)) {
        hear(other.index(), testimony(0, 0));
      }
    }
  }

  /** Dies and begins again with another journal; nobody has answered its question yet. */
  void restartUnanswered(List<JournalRecord> records) {
    outputs.clear();
    undone.clear();
    viewTimer = OptionalLong.empty();
    journal.clear();
    journal.addAll(records);
    replica = replicaOf(records);
    step(new Input.Start(++lives << 20));
  }

  private Replica replicaOf(List<JournalRecord> records) {
    return new Replica(chain.spec(), self, chain.authenticator(self), ledger.tip(), records);
  }

  /** What would be left of its journal in a restart, before anything else happens. */
  List<JournalRecord> liveRecordsOfRestart() {
    return replicaOf(List.copyOf(journal)).liveRecords();
  }

  /** The answer to its last question of one who knows nothing that it signed. */
  Transfer.Testimony testimony(long view, long height) {
    return new Transfer.Testimony(
        question(), view, height, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The number of its last question. */
  long question() {
    return outputs.stream()
        .flatMap(o -> o.messages().stream())
        .filter(o -> o.message() instanceof Transfer.Recall)
        .map(o -> ((Transfer.Recall) o.message()).number())
        .reduce(asked, (earlier, later) -> later);
  }

  Output step(Input input) {
    Output output = replica.step(input);
    outputs.add(output);
    journal.addAll(output.journal());
    undone.addAll(output.decided());
    output.certified().forEach(ledger::put);
    for (TimerSetting setting : output.timers()) {
      if (setting.timer() == Timer.VIEW) {
        viewTimer = setting.delayMillis();
      }
    }
    return output;
  }

  // What it hears.

  /** A message comes over the link of {@code from}. */
  Output hear(int from, Message message) {
    try {
      return step(
          new Input.Received(
              chain.authenticator(self).open(new ReplicaId(from), MessageCodec.encode(message)),
              nowMillis));
    } catch (RejectedException e) {
      throw new AssertionError("the test made a bad message: " + message, e);
    }
  }

  /** Each of {@code signers} says the same. */
  void hear(Signable content, int... signers) {
    for (int signer : signers) {
      hear(signer, signed(content, signer));
    }
  }

  <C extends Signable> Signed<C> signed(C content, int signer) {
    return chain.authenticator(new ReplicaId(signer)).sign(content);
  }

  /** The primary of the view that the block names proposes it. */
  void hearProposal(Block block) {
    PrePrepare content = new PrePrepare(block.header().proposedView(), block);
    hear(content, block.header().proposer().index());
  }

  void hearPrepares(long view, Block block, int... signers) {
    hear(new Prepare(view, block.id()), signers);
  }

  void hearCommits(long view, Block block, int... signers) {
    hear(new Commit(view, block.id()), signers);
  }

  void hearCheckpoints(Checkpoint checkpoint, int... signers) {
    hear(new CheckpointVote(checkpoint), signers);
  }

  void hearViewChange(long view, Optional<QuorumCertificate> prepared, int... signers) {
    hear(new ViewChange(view, Optional.empty(), prepared), signers);
  }

  /** Some that are in view 0 ask for {@code view}. */
  void hearAsked(long view, int... others) {
    for (int other : others) {
      hear(other, new Transfer.Status(0, true, view, 0, 0, List.of()));
    }
  }

  /** Its view timer runs out like those of a quorum, so that it leaves its view. */
  void leaveView() {
    long next = status().view() + 1;
    fire(Timer.VIEW);
    if (status().wantedView() != next) {
      throw new AssertionError("its timer ran out and it does not ask for view " + next);
    }
    chain.spec().validators().replicas().stream()
        .filter(other -> !other.equals(self))
        .limit(chain.spec().validators().quorum().quorum() - 1)
        .forEach(other -> hearAsked(next, other.index()));
  }

  /** A NEW-VIEW of its primary with VIEW-CHANGEs of {@code signers} that all show the same. */
  NewView newView(long view, Optional<QuorumCertificate> prepared, int... signers) {
    return new NewView(
        view,
        Arrays.stream(signers)
            .mapToObj(signer -> signed(new ViewChange(view, Optional.empty(), prepared), signer))
            .toList());
  }

  void hearNewView(NewView newView) {
    hear(newView, chain.spec().validators().primary(newView.view()).index());
  }

  /** The block goes through all phases of its view with the votes of three others. */
  void finish(Block block, int... signers) {
    long view = block.header().proposedView();
    hearProposal(block);
    hearPrepares(view, block, signers);
    hearCommits(view, block, signers);
  }

  void pending(boolean pending) {
    step(new Input.TransactionsPending(pending));
  }

  void propose(Transaction... transactions) {
    step(new Input.Proposal(slot().orElseThrow(), List.of(transactions), nowMillis));
  }

  void fire(Timer timer) {
    if (timer == Timer.VIEW) {
      viewTimer = OptionalLong.empty();
    }
    step(new Input.TimerFired(timer, nowMillis));
  }

  void passMillis(long millis) {
    nowMillis += millis;
  }

  /** Executes what was decided; the last result. */
  Checkpoint execute() {
    for (CommittedBlock block : List.copyOf(undone)) {
      step(new Input.Executed(ledger.apply(block)));
    }
    undone.clear();
    return ledger.checkpoint(ledger.height());
  }

  // What it did.

  /** From now on only what it puts out later counts. */
  void forget() {
    asked = question();
    outputs.clear();
  }

  List<Message> sent() {
    return outputs.stream().flatMap(o -> o.messages().stream()).map(Outgoing::message).toList();
  }

  /** All that {@code peer} hears of it, in order. */
  List<Message> sentFor(int peer) {
    return outputs.stream()
        .flatMap(o -> o.messages().stream())
        .filter(o -> o.to().map(new ReplicaId(peer)::equals).orElse(true))
        .map(Outgoing::message)
        .toList();
  }

  List<Message> sentTo(int peer) {
    return outputs.stream()
        .flatMap(o -> o.messages().stream())
        .filter(o -> o.to().equals(Optional.of(new ReplicaId(peer))))
        .map(Outgoing::message)
        .toList();
  }

  /** The contents of that kind that it signed, in order. */
  <C extends Signable> List<C> said(Class<C> kind) {
    return sent().stream()
        .filter(message -> message instanceof Signed<?> signed && signed.signer().equals(self))
        .map(message -> ((Signed<?>) message).content())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  List<CommittedBlock> decided() {
    return outputs.stream().flatMap(o -> o.decided().stream()).toList();
  }

  List<Block> decidedBlocks() {
    return decided().stream().map(CommittedBlock::block).toList();
  }

  List<Evidence> evidence() {
    return outputs.stream().flatMap(o -> o.evidence().stream()).toList();
  }

  List<Output> outputs() {
    return List.copyOf(outputs);
  }

  List<JournalRecord> journal() {
    return List.copyOf(journal);
  }

  List<JournalRecord> liveRecords() {
    return replica.liveRecords();
  }

  /** After how long the view timer runs out; empty if it does not run. */
  OptionalLong viewTimer() {
    return viewTimer;
  }

  Optional<ProposalSlot> slot() {
    return replica.proposalSlot();
  }

  ReplicaStatus status() {
    return replica.status();
  }

  TestLedger ledger() {
    return ledger;
  }
}
