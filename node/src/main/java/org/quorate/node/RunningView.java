package org.quorate.node;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.HostPort;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.api.NodeStatus;
import org.quorate.node.api.NodeView;
import org.quorate.node.evidence.EvidenceStore;
import org.quorate.node.mempool.AdmissionResult;
import org.quorate.node.mempool.Mempool;

/** The running node as its API sees it. */
final class RunningView implements NodeView {
  private final GenesisDocument genesis;
  private final Ledger ledger;
  private final EvidenceStore evidence;
  private final SnapshotFolder snapshots;
  private final Mempool pool;
  private final Intake intake;
  private final Repairs repairs;
  private final Readiness readiness;
  private final Supplier<NodeStatus> status;

  RunningView(
      GenesisDocument genesis,
      Ledger ledger,
      EvidenceStore evidence,
      SnapshotFolder snapshots,
      Mempool pool,
      Intake intake,
      Repairs repairs,
      Readiness readiness,
      Supplier<NodeStatus> status) {
    this.genesis = genesis;
    this.ledger = ledger;
    this.evidence = evidence;
    this.snapshots = snapshots;
    this.pool = pool;
    this.intake = intake;
    this.repairs = repairs;
    this.readiness = readiness;
    this.status = status;
  }

  @Override
  public ChainSpec chain() {
    return genesis.chain();
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
    return repairs.damaged(height, cause);
  }

  @Override
  public void damaged(StorageException cause) {
    repairs.damaged(cause);
  }

  @Override
  public NodeStatus status() {
    return status.get();
  }

  @Override
  public Optional<String> notReady() {
    return readiness.notReady();
  }

  @Override
  public HostPort peerAddress(ReplicaId replica) {
    return genesis.peerAddress(replica);
  }

  @Override
  public HostPort apiAddress(ReplicaId replica) {
    return genesis.apiAddress(replica);
  }

  @Override
  public CompletableFuture<List<AdmissionResult>> submit(List<byte[]> transactions) {
    return intake.ofClient(transactions);
  }

  @Override
  public boolean pending(Digest hash) {
    return pool.contains(hash);
  }

  @Override
  public long highestNonce(PublicKey client) {
    return pool.highestNonce(client);
  }
}
