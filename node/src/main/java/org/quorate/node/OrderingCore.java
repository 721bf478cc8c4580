package org.quorate.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.quorate.consensus.Input;
import org.quorate.consensus.Replica;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.NodeStartException.Kind;
import org.quorate.node.mempool.BatchBuilder;
import org.quorate.node.mempool.Mempool;
import org.quorate.node.mempool.MempoolLimits;
import org.quorate.node.mempool.TransactionAdmission;

/**
 * Everything of a node between its sockets and its disk, put together: admission, mempool, replica,
 * ledger thread, and what carries things between them. {@link Node} gives it the sockets.
 */
final class OrderingCore {
  private static final int STOP_MILLIS_MAX = 5_000;

  private final Mempool pool;
  private final Intake intake;
  private final Forwarder forwarder;
  private final PeerHeights heights;
  private final PeerInlet inlet;
  private final ReplicaRunner replica;
  private final LedgerRunner ledgerWriter;
  private final ExecutorService admissionWorkers;
  private final ExecutorService messageOpeners;
  private final TaskThread tasks;
  private final TaskThread blockServing;
  private final TaskThread evidenceWriting;
  private final Thread replicaThread;
  private final Thread ledgerThread;

  /** Hears of what the core does. */
  interface Observer extends ReplicaRunner.Observer, LedgerRunner.Observer {}

  /**
   * @throws NodeStartException if the journal does not fit the chain
   */
  OrderingCore(
      NodeConfig config,
      NodeStorage storage,
      NodeThreads threads,
      PeerSender peers,
      NodeMetrics metrics,
      Observer observer)
      throws NodeStartException {
    ChainSpec chain = config.genesis().chain();
    ReplicaId self = config.self();
    Ledger ledger = storage.ledger();
    int n = chain.validators().n();
    List<ReplicaId> others = new ArrayList<>(chain.validators().replicas());
    others.remove(self);
    int cores = Runtime.getRuntime().availableProcessors();
    int workers = Math.max(1, cores / 2);
    // More than one, or a large proposal would delay the votes of all others.
    this.messageOpeners = threads.discardingWorkers("messages", Math.max(2, cores / 2));
    this.admissionWorkers = threads.workers("admission", workers);
    this.tasks = threads.tasks("tasks");
    this.blockServing = threads.tasks("blocks");
    this.evidenceWriting = threads.tasks("evidence");

    Inbox inbox = new Inbox(n);
    this.heights = new PeerHeights(chain.validators().quorum());
    this.pool = new Mempool(MempoolLimits.DEFAULTS, ledger.replayWindows(), OrderingCore::millis);
    TransactionAdmission admission =
        new TransactionAdmission(
            chain,
            SignatureVerifier.ED25519,
            pool,
            hash -> ledger.transaction(hash).isPresent(),
            admissionWorkers,
            workers);
    this.forwarder =
        new Forwarder(self, others, pool, peers, tasks, chain.parameters().viewTimeoutMillis());
    this.intake = new Intake(admission, forwarder, inbox);
    MessageAuthenticator authenticator =
        new MessageAuthenticator(
            self,
            config.key()::sign,
            chain.validators(),
            chain.chainHash(),
            SignatureVerifier.ED25519,
            admission::check);
    this.ledgerWriter =
        new LedgerRunner(ledger, pool, (Input.Executed e) -> inbox.offer(e), observer, metrics);
    this.inlet =
        new PeerInlet(
            n,
            messageOpeners,
            authenticator,
            inbox,
            intake::ofPeer,
            ledgerWriter::busy,
            heights,
            metrics);
    EvidenceKeeper evidence =
        new EvidenceKeeper(
            chain, storage.evidence(), storage.newViews(), evidenceWriting::run, metrics);
    evidence.recover(storage.recovered());
    BlockServer blocks = new BlockServer(n, ledger, blockServing, peers);
    this.replica =
        new ReplicaRunner(
            replica(chain, self, authenticator, storage),
            inbox,
            new Effects(
                storage.journal(), others, peers, ledgerWriter, blocks::serve, evidence, metrics),
            new BatchBuilder(pool, chain.parameters(), OrderingCore::millis),
            new SlowStart(chain.parameters()),
            () -> pool.size() > 0,
            metrics,
            observer);
    this.replicaThread = threads.thread("replica", replica);
    this.ledgerThread = threads.thread("ledger", ledgerWriter);
  }

  private static Replica replica(
      ChainSpec chain, ReplicaId self, MessageAuthenticator authenticator, NodeStorage storage)
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

  /** A clock that never goes back. */
  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  /** The transactions that wait to be ordered. */
  Mempool pool() {
    return pool;
  }

  /** Where transactions come in. */
  Intake intake() {
    return intake;
  }

  /** Where the peers' messages come in. */
  PeerInlet inlet() {
    return inlet;
  }

  /** Brings transactions to the primary. */
  Forwarder forwarder() {
    return forwarder;
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
  TaskThread tasks() {
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
    evidenceWriting.close();
    messageOpeners.shutdown();
    admissionWorkers.shutdown();
    boolean replicaEnded = ended(replicaThread);
    return ended(ledgerThread) && replicaEnded;
  }

  private static boolean ended(Thread thread) {
    if (thread.getState() == Thread.State.NEW) {
      return true;
    }
    try {
      thread.join(STOP_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
