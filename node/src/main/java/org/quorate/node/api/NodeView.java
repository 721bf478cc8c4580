package org.quorate.node.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.quorate.genesis.HostPort;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.evidence.EvidenceStore;
import org.quorate.node.mempool.AdmissionResult;

/**
 * The node as the API sees it. All methods may be called by any thread and return at once, without
 * touching the disk; only what {@link #ledger}, {@link #evidence} and {@link #snapshots} offer may
 * take longer, and the API asks it on threads of its own.
 */
public interface NodeView {
  /** The chain. */
  ChainSpec chain();

  /** The ledger, for reading. */
  Ledger ledger();

  /** The evidence against other validators; its documents are read from disk. */
  EvidenceStore evidence();

  /** The snapshots of the state that it has; read from disk. */
  SnapshotFolder snapshots();

  /**
   * Something of the block at {@code height} could not be read from the ledger.
   *
   * @return whether it is being fetched from other nodes
   */
  boolean damaged(long height, StorageException cause);

  /** Something of the ledger could not be read, and it is not known of which block. */
  void damaged(StorageException cause);

  /** The node at this moment. */
  NodeStatus status();

  /** Why the node cannot serve now, for people; empty if it can. */
  Optional<String> notReady();

  /** Where {@code replica} listens for its peers. */
  HostPort peerAddress(ReplicaId replica);

  /** Where the API of {@code replica} is. */
  HostPort apiAddress(ReplicaId replica);

  /** Submits transactions by their canonical bytes; a result for each, in order. */
  CompletableFuture<List<AdmissionResult>> submit(List<byte[]> transactions);

  /** Whether the mempool holds that transaction. */
  boolean pending(Digest hash);

  /** The highest nonce of {@code client} that was executed; 0 if none. */
  long highestNonce(PublicKey client);
}
