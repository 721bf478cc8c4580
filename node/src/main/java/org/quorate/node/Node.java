package org.quorate.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.ReplicaStatus;
import org.quorate.ledger.Applied;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.file.FullDiskException;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.DivergenceError;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.StorageException;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.NodeStartException.Kind;
import org.quorate.node.api.BlockFeed;
import org.quorate.node.api.ExecutedBlock;
import org.quorate.node.api.HttpApi;
import org.quorate.node.api.MetricsServer;
import org.quorate.node.api.NodeStatus;
import org.quorate.node.peer.PeerNetwork;
import org.quorate.node.storage.LedgerFolders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: puts the parts together, starts and stops them, and does nothing else. Which
 * thread does what stands in the README of this module.
 */
public final class Node implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Node.class);
  private static final int GAUGES_INTERVAL_MILLIS = 500;
  private static final int DISK_INTERVAL_MILLIS = 15_000;

  /** How long a snapshot under way may take to find that the ledger is closed. */
  private static final int END_MILLIS = 5_000;

  private final NodeConfig config;
  private final ReplicaId self;
  private final String version;
  private final NodeStorage storage;
  private final NodeMetrics metrics = new NodeMetrics().withProcess();
  private final RecoveryReport report = new RecoveryReport(metrics);
  private final BlockFeed feed = new BlockFeed();
  private final Tasks evidenceWriting;
  private final History history;
  private final Scrubber scrubber;
  private final OrderingCore core;
  private final PeerNetwork peers;
  private final Readiness readiness;
  private final HttpApi api;
  private final MetricsServer metricsServer;
  private final AtomicBoolean closing = new AtomicBoolean();

  /** Whether it ended because of damage that is written down. */
  private volatile boolean startingAgainRepairs;

  /** Whether it holds nothing any more. */
  private volatile boolean gaveBack;

  private final CompletableFuture<Integer> ended = new CompletableFuture<>();

  private Node(NodeConfig config, String version, NodeStorage storage) throws NodeStartException {
    this.config = config;
    this.version = version;
    this.storage = storage;
    this.self = config.self();
    NodeThreads threads = new NodeThreads(name(), this::failed);
    this.evidenceWriting = threads.tasks("evidence");
    EvidenceKeeper evidence =
        new EvidenceKeeper(
            chain(), storage.evidence(), storage.newViews(), evidenceWriting::run, metrics);
    evidence.recover(storage.replica().recovered());
    this.core =
        new OrderingCore(
            new OrderingCore.Identity(chain(), self, config.key()::sign, SignatureVerifier.ED25519),
            storage.replica(),
            evidence,
            threads,
            this::send,
            metrics,
            new Events());
    this.history =
        new History(
            storage.replica().ledger(),
            chain(),
            storage.snapshots(),
            config.storage(),
            threads.tasks("history"),
            metrics,
            core.repairs());
    this.scrubber =
        new Scrubber(
            storage.replica().ledger()::scrub,
            config.storage().scrubMegabytesPerSecond(),
            core.repairs(),
            threads.tasks("scrubber"),
            metrics);
    this.peers =
        new PeerNetwork(
            chain(),
            self,
            config.key(),
            peer -> config.peerAddress(peer).unresolved(),
            config.peerListen().resolve(),
            new Links(),
            new PeerCounters(metrics));
    this.readiness =
        new Readiness(
            chain(),
            storage.replica().ledger(),
            peers::connected,
            core.heights(),
            () -> core.replica().status().recovery(),
            threads);
    RunningView view =
        new RunningView(
            config.genesis(),
            storage.replica().ledger(),
            storage.evidence(),
            storage.snapshots(),
            core.pool(),
            core.intake(),
            core.repairs(),
            readiness,
            this::status);
    this.api = new HttpApi(view, feed, metrics);
    this.metricsServer = new MetricsServer(metrics);
  }

  /**
   * Makes the data folder of a node whose validator has never signed anything on its chain. A node
   * that is started without begins as one that has forgotten its votes.
   *
   * @throws NodeStartException if the folder is there already, or cannot be made
   */
  public static void init(NodeConfig config) throws NodeStartException {
    NodeStorage.init(config);
  }

  /**
   * Starts a node: when this returns it listens, and takes part as soon as it has links.
   *
   * @param version of the program, for people
   * @throws NodeStartException if it cannot; then nothing is left running or held
   */
  public static Node start(NodeConfig config, String version) throws NodeStartException {
    NodeStorage storage = NodeStorage.open(config);
    Node node;
    try {
      node = new Node(config, version, storage);
    } catch (NodeStartException | RuntimeException | Error e) {
      close(storage);
      throw e;
    }
    try {
      node.start();
      return node;
    } catch (IOException e) {
      node.close();
      throw new NodeStartException(Kind.ENVIRONMENT, String.valueOf(e.getMessage()), e);
    }
  }

  private void start() throws IOException {
    Ledger ledger = storage.replica().ledger();
    long stable = ledger.stableCheckpoint().map(CheckpointCertificate::height).orElse(0L);
    metrics.identity(version, chain().chainId(), chain().chainHash().hex(), name());
    metrics.membership(chain().validators().n(), chain().validators().quorum().quorum());
    if (storage.madeAnew()) {
      metrics.damageFound(); // which a node that started again by itself had no time to tell
    }
    metrics.recovered(ledger.checkpoint().height(), stable);
    log.info(
        "{} of chain {} ({}) begins at height {}, stable {}, with {} journal records",
        name(),
        chain().chainId(),
        chain().chainHash(),
        ledger.checkpoint().height(),
        stable,
        storage.replica().recovered().size());
    metricsServer.start(config.metricsListen().resolve());
    core.start();
    peers.start();
    core.tasks().every(GAUGES_INTERVAL_MILLIS, this::measure);
    measureDisk();
    evidenceWriting.every(DISK_INTERVAL_MILLIS, this::measureDisk);
    history.start();
    scrubber.start();
    readiness.running();
    api.start(config.apiListen().resolve());
  }

  private void measure() {
    metrics.mempool(core.pool().size(), core.pool().bytes());
    metrics.ready(readiness.notReady().isEmpty());
  }

  private void measureDisk() {
    try {
      storage.measure(metrics);
    } catch (IOException e) {
      log.debug("the size of the data folder cannot be told", e);
    }
  }

  private boolean send(ReplicaId to, byte[] payload) {
    return peers.send(to, payload);
  }

  private void failed(Throwable cause) {
    boolean stops = closing.get();
    if (!stops) {
      readiness.stopped("the node failed: " + cause);
      core.halt(); // before all else: it votes no more
    }
    if (cause instanceof DivergenceError divergence) {
      diverged(divergence);
    }
    if (!stops && cause instanceof DamageException damage) {
      startingAgainRepairs = markDamaged(damage) && config.storage().repairLedger();
    }
    if (stops) {
      log.debug("while the node stops", cause);
      return;
    }
    log.error(
        "the node stops: it must not go on after this{}",
        startingAgainRepairs
            ? ". Its ledger is damaged, and is made anew before it starts again"
            : remedy(cause),
        cause);
    ended.complete(1);
  }

  /**
   * What an operator is told to do, if there is anything. LevelDB writes nothing more once it has
   * come to merge a table that is damaged.
   */
  static String remedy(Throwable cause) {
    if (FullDiskException.isBehind(cause)) {
      return ". Make room on the disk of its data folder, and start it again";
    }
    return cause instanceof StorageException
        ? ". Its ledger cannot be read or written. If the disk has room and works, the ledger is damaged: "
            + NodeStorage.REPAIR
        : "";
  }

  /** Sees to it that the node does not vote again with this ledger. */
  private void diverged(DivergenceError divergence) {
    String text =
        "%s%nown checkpoint: %s%ncheckpoint certificate: %s%n"
            .formatted(
                divergence.getMessage(),
                Hex.encode(divergence.own().encoded()),
                Hex.encode(divergence.proven().encoded()));
    try {
      storage.folder().ledgers().markDiverged(text);
    } catch (IOException e) {
      log.error("it cannot be written down that the ledger differs from the others'", e);
    }
  }

  /** Sees to it that the ledger is made anew before the node starts again. */
  private synchronized boolean markDamaged(DamageException cause) {
    LedgerFolders ledgers = storage.folder().ledgers();
    try {
      if (!ledgers.isDamaged()) {
        ledgers.markDamaged(String.valueOf(cause.getMessage()));
      }
      return true;
    } catch (IOException e) {
      log.error("it cannot be written down that the ledger is damaged", e);
      return false;
    }
  }

  /**
   * Whether the node has ended because of damage, given everything back, and makes its ledger anew
   * when it is started again.
   */
  public boolean startingAgainRepairs() {
    return startingAgainRepairs && gaveBack;
  }

  /** The chain it takes part in. */
  public ChainSpec chain() {
    return config.genesis().chain();
  }

  /** The validator's name. */
  public String name() {
    return chain().validators().validator(self).name();
  }

  /** Where it serves clients, with the port that was found if 0 was asked for. */
  public InetSocketAddress apiAddress() {
    return api.address();
  }

  /** Where it listens for its peers. */
  public InetSocketAddress peerAddress() {
    return peers.address();
  }

  /** Where it serves {@code /metrics}. */
  public InetSocketAddress metricsAddress() {
    return metricsServer.address();
  }

  /** Its ledger, for reading. */
  Ledger ledger() {
    return storage.replica().ledger();
  }

  /** Whether its replica may vote, as far as its memory goes. */
  RecoveryStatus recovery() {
    return core.replica().status().recovery();
  }

  /** The node at this moment. */
  NodeStatus status() {
    ReplicaStatus replica = core.replica().status();
    return new NodeStatus(
        self,
        replica.view(),
        replica.active(),
        replica.stableHeight(),
        core.pool().size(),
        peers.connected().size(),
        version);
  }

  /** Waits until the node has ended, and tells how: 0 closed, 1 failed. */
  public int awaitEnd() throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new AssertionError("never completed so", e);
    }
  }

  /**
   * Stops the node: takes no more requests, ends the replica between two turns, gives back ports
   * and folder. Takes some seconds at most.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    readiness.stopped("the node stops");
    api.close();
    boolean still = core.stop();
    evidenceWriting.close();
    history.close();
    scrubber.close();
    peers.close();
    metricsServer.close();
    if (still) {
      close(storage);
      gaveBack = history.ended(END_MILLIS);
    } else {
      log.warn("a write to disk has not ended in time; the process's end will end it");
    }
    ended.complete(0);
  }

  private static void close(NodeStorage storage) {
    try {
      storage.close();
    } catch (IOException e) {
      log.warn("the data folder could not be closed; all that matters is on disk", e);
    }
  }

  /** What comes over the links. */
  private final class Links implements PeerNetwork.Listener {
    @Override
    public void connected(ReplicaId peer) {
      core.inlet().connected(peer);
    }

    @Override
    public void disconnected(ReplicaId peer) {
      log.info("the link to {} ended", chain().validators().validator(peer).name());
    }

    @Override
    public void received(ReplicaId from, byte[] payload) {
      core.inlet().received(from, payload);
    }
  }

  /** What the core reports. */
  private final class Events implements OrderingCore.Observer {
    @Override
    public void recoveryChanged(RecoveryStatus status) {
      report.changed(status);
    }

    @Override
    public void viewChanged(ReplicaStatus status) {
      metrics.view(status.view(), status.active(), status.primary().equals(self));
    }

    @Override
    public void executed(CommittedBlock block, Applied applied) {
      history.executed(applied.checkpoint().height());
      feed.executed(new ExecutedBlock(block, applied.checkpoint(), applied.receipts()));
    }

    @Override
    public void certified(CheckpointCertificate certificate) {
      history.certified(certificate);
      feed.certified(certificate);
    }

    @Override
    public void damaged(DamageException cause) {
      markDamaged(cause);
    }

    @Override
    public void failed(Throwable cause) {
      Node.this.failed(cause);
    }
  }
}
