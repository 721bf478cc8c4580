package org.quorate.node.api;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.quorate.genesis.HostPort;
import org.quorate.ledger.Applied;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.Vote;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.evidence.EvidenceLimits;
import org.quorate.node.evidence.EvidenceStore;
import org.quorate.node.mempool.AdmissionResult;
import org.quorate.node.mempool.Mempool;
import org.quorate.node.mempool.MempoolLimits;
import org.quorate.node.mempool.TestChain;
import org.quorate.node.mempool.TransactionAdmission;

/**
 * A node without consensus: ledger, mempool and admission are real, and the test says when a block
 * is ordered.
 */
final class TestNode implements NodeView, AutoCloseable {
  final TestChain chain = new TestChain();
  final BlockFeed feed = new BlockFeed();
  final MemoryStore store = new MemoryStore();

  /** The heights of what was found damaged, -1 where none is known. */
  final List<Long> damaged = new CopyOnWriteArrayList<>();

  final Mempool mempool;
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final TransactionAdmission admission;
  private final Ledger ledger;
  private final EvidenceStore evidence;
  private final SnapshotFolder snapshots;
  private volatile Optional<String> notReady = Optional.empty();
  private volatile Optional<RuntimeException> broken = Optional.empty();
  private Applied last;

  TestNode() {
    this(MempoolLimits.DEFAULTS);
  }

  TestNode(MempoolLimits limits) {
    try {
      ledger = Ledger.open(store, chain.spec());
      ledger.holdProvenState();
      evidence =
          EvidenceStore.open(Files.createTempDirectory("evidence"), new EvidenceLimits(9, 9, 9, 9));
      snapshots = SnapshotFolder.open(Files.createTempDirectory("snapshots"));
    } catch (IOException | LedgerException e) {
      throw new AssertionError(e);
    }
    mempool = new Mempool(limits, Map.of(), () -> System.nanoTime() / 1_000_000);
    admission =
        new TransactionAdmission(
            chain.spec(),
            SignatureVerifier.ED25519,
            mempool,
            hash -> ledger.transaction(hash).isPresent(),
            workers,
            2);
  }

  void notReady(String reason) {
    notReady = Optional.of(reason);
  }

  void breakWith(RuntimeException failure) {
    broken = Optional.of(failure);
  }

  /** Orders and executes everything that is pending. */
  synchronized CommittedBlock order() {
    return order(mempool.batch(1_000, 1 << 20, hash -> false));
  }

  synchronized CommittedBlock order(List<Transaction> transactions) {
    Block block = chain.extend(transactions);
    Vote vote = new Vote(Phase.COMMIT, 0, block.id());
    CommittedBlock committed =
        new CommittedBlock(block, new QuorumCertificate(vote, signed(vote, 3)));
    last = ledger.apply(committed);
    mempool.executed(block);
    feed.executed(new ExecutedBlock(committed, last.checkpoint(), last.receipts()));
    return committed;
  }

  /** Certifies the checkpoint of the last block. */
  synchronized CheckpointCertificate certify() {
    CheckpointCertificate certificate =
        new CheckpointCertificate(last.checkpoint(), signed(last.checkpoint(), 2));
    ledger.putCheckpointCertificate(certificate);
    feed.certified(certificate);
    return certificate;
  }

  private SignatureSet signed(Statement statement, int signers) {
    TreeMap<ReplicaId, Signature> signatures = new TreeMap<>();
    for (int i = 0; i < signers; i++) {
      signatures.put(
          new ReplicaId(i),
          TestChain.VALIDATORS.get(i).sign(statement.signedBytes(chain.chainHash())));
    }
    return new SignatureSet(signatures);
  }

  @Override
  public ChainSpec chain() {
    return chain.spec();
  }

  @Override
  public Ledger ledger() {
    return ledger;
  }

  @Override
  public EvidenceStore evidence() {
    return evidence;
  }

  @Override
  public SnapshotFolder snapshots() {
    return snapshots;
  }

  @Override
  public boolean damaged(long height, StorageException cause) {
    damaged.add(height);
    return height > 1; // of the first there is no hope
  }

  @Override
  public void damaged(StorageException cause) {
    damaged.add(-1L);
  }

  @Override
  public NodeStatus status() {
    broken.ifPresent(
        failure -> {
          throw failure;
        });
    return new NodeStatus(new ReplicaId(2), 5, true, 0, mempool.size(), 3, "1.2.3");
  }

  @Override
  public Optional<String> notReady() {
    return notReady;
  }

  @Override
  public HostPort peerAddress(ReplicaId replica) {
    return new HostPort("127.0.0.1", 9_101 + replica.index());
  }

  @Override
  public HostPort apiAddress(ReplicaId replica) {
    return new HostPort("127.0.0.1", 9_201 + replica.index());
  }

  @Override
  public CompletableFuture<List<AdmissionResult>> submit(List<byte[]> transactions) {
    return broken.isPresent()
        ? CompletableFuture.failedFuture(broken.get())
        : admission.submit(transactions);
  }

  @Override
  public boolean pending(Digest hash) {
    return mempool.contains(hash);
  }

  @Override
  public long highestNonce(PublicKey client) {
    return mempool.highestNonce(client);
  }

  @Override
  public void close() {
    workers.shutdownNow();
    ledger.close();
  }
}
