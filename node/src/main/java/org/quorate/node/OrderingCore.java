package org.quorate.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.quorate.consensus.Input;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.Replica;
import org.quorate.consensus.ReplicaStatus;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.StorageException;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.NodeStartException.Kind;
import org.quorate.node.mempool.BatchBuilder;
import org.quorate.node.mempool.Mempool;
import org.quorate.node.mempool.MempoolLimits;
import org.quorate.node.mempool.TransactionAdmission;

/**
 * Everything of a node between its sockets and its disk, put together: admission, mempool, replica,
 * ledger thread, and what carries things between them. {@link Node} gives it the sockets, the
 * machine's threads and its disk; a simulation gives it others.
 */
final class OrderingCore {
  private static final int STOP_MILLIS_MAX = 5_000;

  private final Mempool pool;
  private final Intake intake;
  private final Forwarder forwarder;
  private final PeerHeights heights;
  private final Inbox inbox;
  private final Repairs repairs;
  private final PeerInlet inlet;
  private final ReplicaRunner replica;
  private final LedgerRunner ledgerWriter;
  private final ExecutorService admissionWorkers;
  private final ExecutorService messageOpeners;
  private final Tasks tasks;
  private final Tasks blockServing;
  private final TurnThread replicaThread;
  private final TurnThread ledgerThread;

  /**
   * Who this node is, and how it signs.
   *
   * @param signer signs with the key of {@code self}
   * @param verifier checks what others signed, validators and clients
   */
  record Identity(
      ChainSpec chain,
      ReplicaId self,
      MessageAuthenticator.Signer signer,
      SignatureVerifier verifier) {}

  /** Hears of what the core does. */
  interface Observer extends ReplicaRunner.Observer, LedgerRunner.Observer {
    /** Something of the ledger cannot be read that peers cannot give back. */
    void damaged(DamageException cause);
  }

  /**
   * @throws NodeStartException if the journal does not fit the chain
   */
  OrderingCore(
      Identity identity,
      ReplicaStorage storage,
      EvidenceSink evidence,
      Host host,
      PeerSender peers,
      NodeMetrics metrics,
      Observer observer)
      throws NodeStartException {
    ChainSpec chain = identity.chain();
    ReplicaId self = identity.self();
    Ledger ledger = storage.ledger();
    int n = chain.validators().n();
    List<ReplicaId> others = new ArrayList<>(chain.validators().replicas());
    others.remove(self);
    int cores = Runtime.getRuntime().availableProcessors();
    int workers = Math.max(1, cores / 2);
    // More than one, or a large proposal would delay the votes of all others.
    this.messageOpeners = host.discardingWorkers("messages", Math.max(2, cores / 2));
    this.admissionWorkers = host.workers("admission", workers);
    this.tasks = host.tasks("tasks");
    this.blockServing = host.tasks("blocks");

    this.inbox = new Inbox(n, this::wakeReplica);
    this.repairs = new Repairs(n > 1, inbox::offer, observer::damaged, metrics);
    this.heights = new PeerHeights(chain.validators().quorum());
    this.pool = new Mempool(MempoolLimits.DEFAULTS, ledger.replayWindows(), () -> millis(host));
    TransactionAdmission admission =
        new TransactionAdmission(
            chain,
            identity.verifier(),
            pool,
            hash -> isExecuted(ledger, hash),
            admissionWorkers,
            workers);
    this.forwarder =
        new Forwarder(self, others, pool, peers, tasks, chain.parameters().viewTimeoutMillis());
    this.intake = new Intake(admission, forwarder, this::wakeReplica);
    MessageAuthenticator authenticator =
        new MessageAuthenticator(
            self, identity.signer(), chain, identity.verifier(), admission::check);
    this.ledgerWriter =
        new LedgerRunner(
            ledger,
            pool,
            (Input.Executed e) -> inbox.offer(e),
            repairs,
            observer,
            metrics,
            host,
            this::wakeLedger);
    this.inlet =
        new PeerInlet(
            n,
            messageOpeners,
            authenticator,
            inbox,
            intake::ofPeer,
            ledgerWriter::busy,
            heights,
            metrics,
            host);
    BlockServer blocks = new BlockServer(n, ledger, blockServing, peers, repairs, host);
    this.replica =
        new ReplicaRunner(
            replica(chain, self, authenticator, storage),
            inbox,
            new Effects(
                storage.journal(),
                others,
                peers,
                ledgerWriter,
                blocks::serve,
                evidence,
                metrics,
                host),
            new BatchBuilder(pool, chain.parameters(), () -> millis(host)),
            new SlowStart(chain.parameters()),
            new PrimaryWatch(self, chain.parameters(), pool),
            () -> pool.size() > 0,
            metrics,
            host,
            host.unique() >>> 2,
            new FollowingPrimary(observer, forwarder));
    this.replicaThread = host.turns("replica", replica);
    this.ledgerThread = host.turns("ledger", ledgerWriter);
  }

  private static Replica replica(
      ChainSpec chain, ReplicaId self, MessageAuthenticator authenticator, ReplicaStorage storage)
      throws NodeStartException {
    try {
      return new Replica(chain, self, authenticator, storage.tip(), storage.recovered());
    } catch (AssertionError e) {
      throw new NodeStartException(
          Kind.CONFIGURATION,
          "journal and ledger in the data folder do not belong together: "
              + String.valueOf(e.getMessage()),
          e);
    }
  }

  /** Tells the forwarder, too, who is primary. */
  private record FollowingPrimary(ReplicaRunner.Observer observer, Forwarder forwarder)
      implements ReplicaRunner.Observer {
    @Override
    public void viewChanged(ReplicaStatus status) {
      forwarder.primaryIs(status.primary(), status.active());
      observer.viewChanged(status);
    }

    @Override
    public void recoveryChanged(RecoveryStatus status) {
      observer.recoveryChanged(status);
    }

    @Override
    public void failed(Throwable cause) {
      observer.failed(cause);
    }
  }

  private boolean isExecuted(Ledger ledger, Digest hash) {
    try {
      return ledger.transaction(hash).isPresent();
    } catch (StorageException e) { // nobody can tell here
      repairs.damaged(e);
      throw e;
    }
  }

  private static long millis(Clock clock) {
    return clock.nanos() / 1_000_000;
  }

  private void wakeReplica() {
    replicaThread.wake();
  }

  private void wakeLedger() {
    ledgerThread.wake();
  }

  /** The transactions that wait to be ordered. */
  Mempool pool() {
    return pool;
  }

  /** Where transactions come in. */
  Intake intake() {
    return intake;
  }

  /** What was found damaged. */
  Repairs repairs() {
    return repairs;
  }

  /** What waits for the replica. */
  Inbox inbox() {
    return inbox;
  }

  /** Where the peers' messages come in. */
  PeerInlet inlet() {
    return inlet;
  }

  /** How far the peers say to be. */
  PeerHeights heights() {
    return heights;
  }

  /** The replica's thread. */
  ReplicaRunner replica() {
    return replica;
  }

  /** A thread for small things that recur. */
  Tasks tasks() {
    return tasks;
  }

  /** Begins to take part. */
  void start() {
    ledgerThread.start();
    replicaThread.start();
    forwarder.start();
  }

  /** Lets everything end where it is, without waiting: nothing is voted or executed any more. */
  void halt() {
    replica.stop();
    ledgerWriter.stop();
    replicaThread.wake();
    ledgerThread.wake();
  }

  /**
   * Ends all threads, each between two pieces of its work.
   *
   * @return false if one of those that write to disk has not ended in time: then what they write to
   *     must not be closed under them
   */
  boolean stop() {
    halt();
    tasks.close();
    blockServing.close();
    messageOpeners.shutdown();
    admissionWorkers.shutdown();
    boolean replicaEnded = replicaThread.ended(STOP_MILLIS_MAX);
    return ledgerThread.ended(STOP_MILLIS_MAX) && replicaEnded;
  }
}
