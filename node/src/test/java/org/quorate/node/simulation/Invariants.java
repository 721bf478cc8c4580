package org.quorate.node.simulation;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.quorate.consensus.Evidence;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Auditor;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.Finding;
import org.quorate.ledger.proof.Verdict;
import org.quorate.node.NodeLimits;

/** What holds at every moment, whoever fails; checked with each thing a correct replica does. */
final class Invariants {
  /** Decided blocks that wait for their execution while a replica catches up (PROTOCOL.md, R17). */
  private static final int UNEXECUTED_MAX = 512;

  private final TestChain chain;
  private final World world;
  private final Auditor auditor;
  private final SortedMap<ReplicaId, Misconduct> faulty;
  private final TreeMap<ReplicaId, SignedHistory> histories = new TreeMap<>();
  private final TreeMap<ReplicaId, Block> lastDecided = new TreeMap<>();
  private final TreeMap<Long, Block> decided = new TreeMap<>();
  private long decidedHeight;
  private final TreeMap<Long, Checkpoint> results = new TreeMap<>();
  private final Set<Digest> transactions = new HashSet<>();
  private final Set<Nonce> nonces = new HashSet<>();

  /** Up to which height the blocks of a replica's present disk were compared. */
  private final TreeMap<ReplicaId, Long> compared = new TreeMap<>();

  /** A number that a client may use once. */
  private record Nonce(PublicKey client, long number) {
    static Nonce of(Transaction transaction) {
      return new Nonce(transaction.client(), transaction.nonce());
    }
  }

  Invariants(TestChain chain, Configuration configuration) {
    this.chain = chain;
    this.world = new World(chain.spec(), configuration.isBearable());
    this.auditor = new Auditor(chain.spec(), TestChain.VERIFIER);
    this.faulty = configuration.faulty();
    for (ReplicaId replica : chain.spec().validators().replicas()) {
      histories.put(replica, new SignedHistory(replica, world));
    }
  }

  private boolean isCorrect(ReplicaId replica) {
    return !faulty.containsKey(replica);
  }

  private static void require(boolean holds, Supplier<String> message) {
    if (!holds) {
      throw new Violation(message.get());
    }
  }

  /** A message is on its way, whatever it is worth, or stands in a journal. */
  void exists(Message message) {
    world.add(message);
  }

  /** A block stands in a journal. */
  void exists(Block block) {
    world.add(block);
  }

  /** A replica begins to send a message. */
  void said(ReplicaId replica, Message message) {
    if (!isCorrect(replica)) {
      return;
    }
    world.add(message);
    if (message instanceof Signed<?> signed && signed.signer().equals(replica)) {
      histories.get(replica).add(signed.content());
    }
  }

  /**
   * A node has lost its disk, or what was written to it last.
   *
   * @param all whether nothing is left of it
   */
  void lost(ReplicaId replica, boolean all) {
    histories.get(replica).lost(all);
    lastDecided.remove(replica);
    compared.remove(replica);
  }

  /** Whether a replica has voted again after it had lost its disk. */
  boolean votedAgain(ReplicaId replica) {
    return histories.get(replica).votedAgain();
  }

  /** What a replica knows of what it forgot has changed. */
  void recovery(ReplicaId replica, RecoveryStatus status) {
    if (isCorrect(replica)) {
      histories.get(replica).recovery(status);
    }
  }

  /**
   * A process begins with this ledger. What was executed was durable, so all of it must be there,
   * unless the disk was lost. The last block may be news: of one who died, or whose disk failed, in
   * the middle of writing it.
   */
  void started(ReplicaId replica, Ledger ledger) {
    Block before = lastDecided.get(replica);
    long height = ledger.checkpoint().height();
    require(
        !isCorrect(replica) || before == null || height >= before.height(),
        () -> replica + " begins at height " + height + " and had executed " + before);
    Optional<CommittedBlock> tip = ledger.block(height);
    if (tip.isPresent() && height == (before == null ? 1 : before.height() + 1)) {
      decided(replica, tip.get());
      executed(replica, ledger.checkpoint());
    }
    lastDecided.remove(replica);
    tip.ifPresent(block -> lastDecided.put(replica, block.block()));
  }

  void decided(ReplicaId replica, CommittedBlock committed) {
    if (!isCorrect(replica)) {
      return;
    }
    Block block = committed.block();
    world.add(block);
    Block before = lastDecided.put(replica, block);
    require(
        block.height() == (before == null ? 1 : before.height() + 1),
        () -> replica + " decided " + block + " after " + before);
    Digest parent = before == null ? chain.spec().genesisBlock().hash() : before.hash();
    require(
        block.header().parentHash().equals(parent), () -> "the parent of " + block + " is another");
    valid(
        committed
            .commit()
            .check(chain.spec().validators(), chain.spec().chainHash(), TestChain.VERIFIER),
        committed);
    Block other = decided.putIfAbsent(block.height(), block);
    decidedHeight = Math.max(decidedHeight, block.height());
    require(
        other == null || other.equals(block),
        () -> "AGREEMENT: " + replica + " decided " + block + ", another replica decided " + other);
    if (other == null) {
      executedOnce(block);
    }
  }

  private void executedOnce(Block block) {
    for (Transaction transaction : block.transactions()) {
      require(
          transactions.add(transaction.hash()), () -> transaction + " stands in the chain twice");
      require(
          nonces.add(Nonce.of(transaction)),
          () -> "two transactions with the nonce " + transaction.nonce() + " of one client");
    }
  }

  void executed(ReplicaId replica, Checkpoint result) {
    if (isCorrect(replica)) {
      Checkpoint other = results.putIfAbsent(result.height(), result);
      require(
          other == null || other.equals(result), () -> "two results of height " + result.height());
    }
  }

  void certified(ReplicaId replica, CheckpointCertificate certificate) {
    if (isCorrect(replica)) {
      valid(
          certificate.checkProven(
              chain.spec().validators(), chain.spec().chainHash(), TestChain.VERIFIER),
          certificate);
      require(
          certificate.checkpoint().equals(results.get(certificate.height())),
          () -> "a certificate for another result: " + certificate);
    }
  }

  /**
   * A replica proves another faulty: so must anybody find who has the genesis alone, from the
   * document.
   */
  void evidence(ReplicaId replica, Evidence evidence) {
    if (!isCorrect(replica)) {
      return;
    }
    require(
        !isCorrect(evidence.offender()) || forgot(evidence),
        () -> replica + " accuses a correct replica: " + evidence);
    Finding finding = auditor.judge(document(evidence));
    require(
        finding instanceof Finding.Proven proven
            && proven.guilty().equals(Set.of(evidence.offender())),
        () -> replica + " found evidence that does not hold: " + finding + ", " + evidence);
  }

  /** What a file or a node's answer would say of it. */
  private FaultProof document(Evidence evidence) {
    try {
      return EvidenceJson.read(
          EvidenceJson.write(evidence.contradiction(chain.spec().chainHash())));
    } catch (IllegalArgumentException | MalformedException e) {
      throw new Violation("evidence of nothing: " + evidence, e);
    }
  }

  /** What a replica that forgot may be accused of: a VIEW-CHANGE that knows less than it did. */
  private boolean forgot(Evidence evidence) {
    return histories.get(evidence.offender()).hasLost()
        && (evidence.first().content() instanceof ViewChange
            || evidence.second().content() instanceof ViewChange);
  }

  /** Nothing a replica holds may grow without end; the journal shows most of it. */
  void holds(ReplicaId replica, List<JournalRecord> live, int pending) {
    if (!isCorrect(replica)) {
      return;
    }
    bounded(replica, pending, NodeLimits.MEMPOOL_TRANSACTIONS_MAX, "pending transactions");
    int window = chain.spec().parameters().windowBlocks();
    long waiting = live.stream().filter(this::isDecided).count();
    bounded(replica, waiting, UNEXECUTED_MAX + window, "decided blocks");
    bounded(replica, live.size() - waiting, 20 + 8 * window, "other live records");
  }

  /** A replica that restarts does not know which of the blocks in its journal were decided. */
  private boolean isDecided(JournalRecord record) {
    return record instanceof JournalRecord.Accepted accepted
        && accepted.block().equals(decided.get(accepted.block().height()));
  }

  private static void bounded(ReplicaId replica, long count, int most, String what) {
    require(count <= most, () -> replica + " holds " + count + " " + what + ", more than " + most);
  }

  /**
   * At the end: a ledger holds what everybody's does, byte for byte, as far as it goes; all of it,
   * if it is another than at the last end.
   */
  void holds(ReplicaId replica, Ledger ledger) {
    long last = ledger.checkpoint().height();
    for (long height = 1 + compared.getOrDefault(replica, 0L); height <= last; height++) {
      holds(
          replica,
          ledger.block(height).orElseThrow().block(),
          ledger.checkpoint(height).orElseThrow());
    }
    compared.put(replica, last);
  }

  private void holds(ReplicaId replica, Block block, Checkpoint result) {
    require(
        Arrays.equals(block.encoded(), decided.get(block.height()).encoded()),
        () -> replica + " holds another block than others: " + block);
    require(
        result.equals(results.get(block.height())),
        () -> replica + " holds another result than others: " + result);
  }

  private static void valid(Verdict verdict, Object of) {
    require(verdict.isValid(), () -> of + ": " + verdict);
  }

  /** The height up to which any correct replica knows the chain. */
  long decidedHeight() {
    return decidedHeight;
  }

  boolean isDecided(Transaction transaction) {
    return nonces.contains(Nonce.of(transaction));
  }
}
