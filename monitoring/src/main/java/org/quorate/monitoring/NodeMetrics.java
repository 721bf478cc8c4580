package org.quorate.monitoring;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/**
 * What a node measures of itself: one method for each thing that happens, one registry for each
 * node, so that several nodes may live in one process. All methods may be called from any thread
 * and never block.
 *
 * <p>Names begin with {@code quorate_} and end in the base unit (seconds, bytes) or, for counters,
 * in {@code _total}; the README lists them. A label's value is always a fixed word of the code,
 * never text that came from outside, so the number of time series is bounded.
 */
public final class NodeMetrics {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:/{}*-]{1,80}");

  private final CollectorRegistry registry = new CollectorRegistry(true);

  private final Gauge info =
      Gauge.build("quorate_node_info", "Always 1; says which node of which chain this is.")
          .labelNames("version", "chain_id", "chain_hash", "name")
          .register(registry);
  private final Gauge validators = plain("quorate_validators", "Validators of the chain, n.");
  private final Gauge quorum = plain("quorate_quorum", "Validators that form a quorum, q.");
  private final Gauge height = plain("quorate_height", "Height of the last executed block.");
  private final Gauge stableHeight =
      plain("quorate_stable_height", "Height of the last checkpoint that a quorum signed.");
  private final Gauge view = plain("quorate_view", "The view the replica is in.");
  private final Gauge viewActive =
      plain("quorate_view_active", "1 while the view orders, 0 during a view change.");
  private final Gauge primary = plain("quorate_primary", "1 if this node is primary of its view.");
  private final Gauge viewWanted =
      plain(
          "quorate_view_wanted",
          "The view the replica asks for: above its own if it suspects the primary.");
  private final Gauge forgot =
      plain(
          "quorate_forgot", "1 while the replica does not vote because it forgot what it signed.");
  private final Gauge ready = plain("quorate_ready", "1 if the node takes part and has caught up.");
  private final Counter viewChanges =
      Counter.build(
              "quorate_view_changes",
              "Views this replica left, with a quorum or at the end of a term.")
          .register(registry);
  private final Counter suspicions =
      Counter.build("quorate_suspicions", "Primaries this replica itself gave up, by reason.")
          .labelNames("reason")
          .register(registry);
  private final Counter evidence =
      Counter.build(
              "quorate_evidence", "Proofs held that a validator is faulty, by what they show.")
          .labelNames("kind")
          .register(registry);

  private final Counter blocks =
      Counter.build("quorate_blocks", "Blocks executed since the start.").register(registry);
  private final Counter transactions =
      Counter.build("quorate_transactions", "Transactions executed since the start, by outcome.")
          .labelNames("outcome")
          .register(registry);
  private final Histogram blockTransactions =
      Histogram.build("quorate_block_transactions", "Transactions in each executed block.")
          .buckets(0, 1, 10, 50, 100, 250, 500, 1_000, 2_500, 10_000)
          .register(registry);
  private final Histogram commitLatency =
      seconds(
          "quorate_commit_latency_seconds",
          "From the proposal's arrival at, or making by, this node to its commit certificate.");
  private final Histogram apply =
      seconds("quorate_apply_seconds", "Executing a block and writing it to the ledger.");
  private final Counter fetchedBlocks =
      Counter.build("quorate_fetched_blocks", "Blocks caught up from peers.").register(registry);
  private final Counter badAnswers =
      Counter.build(
              "quorate_catchup_bad_answers",
              "Times that a peer was asked for blocks and did not give them, by reason.")
          .labelNames("reason")
          .register(registry);

  private final Gauge mempoolTransactions =
      plain("quorate_mempool_transactions", "Transactions that wait to be ordered.");
  private final Gauge mempoolBytes =
      plain("quorate_mempool_bytes", "Bytes of the transactions that wait to be ordered.");
  private final Counter rejectedTransactions =
      Counter.build("quorate_rejected_transactions", "Transactions not admitted, by reason.")
          .labelNames("reason")
          .register(registry);

  private final Gauge peersConnected =
      plain("quorate_peers_connected", "Validators this node has a link to, itself not counted.");
  private final Counter sentBytes =
      Counter.build("quorate_peer_sent_bytes", "Bytes of frames sent to peers.").register(registry);
  private final Counter receivedBytes =
      Counter.build("quorate_peer_received_bytes", "Bytes of frames from peers.")
          .register(registry);
  private final Counter droppedMessages =
      Counter.build(
              "quorate_peer_dropped_messages", "Messages dropped because a peer's queue was full.")
          .register(registry);
  private final Counter refusedConnections =
      Counter.build("quorate_refused_connections", "Peer connections refused or closed, by reason.")
          .labelNames("reason")
          .register(registry);
  private final Counter rejectedMessages =
      Counter.build("quorate_rejected_messages", "Consensus messages of peers rejected, by reason.")
          .labelNames("reason")
          .register(registry);

  private final Histogram fsync =
      seconds("quorate_fsync_seconds", "Waiting for the journal to reach the disk.");
  private final Gauge journalBytes =
      plain("quorate_journal_bytes", "Size of the journal's records.");

  private final Gauge diskBytes =
      Gauge.build("quorate_disk_bytes", "Bytes of files in the data folder, by part.")
          .labelNames("part")
          .register(registry);
  private final Gauge diskFreeBytes =
      plain("quorate_disk_free_bytes", "Room left on the disk of the data folder.");
  private final Gauge snapshotHeight =
      plain("quorate_snapshot_height", "Height of the newest snapshot of the state; 0 if none.");
  private final Gauge transactionsKeptFrom =
      plain("quorate_transactions_kept_from", "Lowest height whose transactions are kept.");
  private final Counter historyFailures =
      Counter.build(
              "quorate_history_failures",
              "Times that a snapshot could not be taken, or old blocks not dropped.")
          .register(registry);

  private final Counter damageFound =
      Counter.build("quorate_damage_found", "Reads of the ledger that found it damaged.")
          .register(registry);

  private final Counter scrubs =
      Counter.build("quorate_scrubs", "Times that the whole ledger was read again to find damage.")
          .register(registry);

  private final Counter damageRepaired =
      Counter.build(
              "quorate_damage_repaired",
              "Damaged blocks that were fetched from peers and can be read again.")
          .register(registry);

  private final Counter httpRequests =
      Counter.build("quorate_http_requests", "HTTP requests answered, by route and status.")
          .labelNames("route", "status")
          .register(registry);
  private final Histogram httpSeconds =
      Histogram.build("quorate_http_request_seconds", "From an HTTP request to its answer.")
          .labelNames("route")
          .buckets(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30)
          .register(registry);

  /** New metrics, all zero. */
  public NodeMetrics() {
    transactions.labels("executed");
    transactions.labels("failed");
  }

  /**
   * Adds those of the Java process ({@code jvm_…}, {@code process_…}). Once in a process: they
   * listen to its garbage collector, for good.
   */
  public NodeMetrics withProcess() {
    DefaultExports.register(registry);
    return this;
  }

  private Gauge plain(String name, String help) {
    return Gauge.build(name, help).register(registry);
  }

  private Histogram seconds(String name, String help) {
    return Histogram.build(name, help)
        .buckets(
            0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
            2.5, 5, 10)
        .register(registry);
  }

  /** Who this node is; called once, before the first scrape. */
  public void identity(String version, String chainId, String chainHash, String name) {
    info.labels(version, chainId, chainHash, name).set(1);
  }

  /** The size of the validator set and of a quorum. */
  public void membership(int n, int q) {
    validators.set(n);
    quorum.set(q);
  }

  /** Where the replica stands: its view, whether that view orders, whether this node leads it. */
  public void view(long view, boolean active, boolean primary) {
    this.view.set((double) view);
    this.viewActive.set(active ? 1 : 0);
    this.primary.set(primary ? 1 : 0);
  }

  /** The view that this replica asks the others for. */
  public void viewWanted(long view) {
    viewWanted.set((double) view);
  }

  /** This replica left its view. */
  public void viewChangeStarted() {
    viewChanges.inc();
  }

  /** This replica found that its primary should be replaced; {@code reason} is a fixed word. */
  public void suspected(String reason) {
    suspicions.labels(word(reason)).inc();
  }

  /** Whether the node answers {@code /ready} with yes. */
  public void ready(boolean yes) {
    ready.set(yes ? 1 : 0);
  }

  /** Whether the replica does not vote because it forgot what it signed. */
  public void forgot(boolean yes) {
    forgot.set(yes ? 1 : 0);
  }

  /** The height that the node starts from, before any block is executed. */
  public void recovered(long height, long stableHeight) {
    this.height.set((double) height);
    this.stableHeight.set((double) stableHeight);
  }

  /** A quorum signed the checkpoint of {@code height}. */
  public void checkpointStable(long height) {
    stableHeight.set((double) height);
  }

  /** A proposal got its commit certificate, {@code seconds} after this node first held it. */
  public void blockCommitted(double seconds) {
    commitLatency.observe(seconds);
  }

  /**
   * A block was executed.
   *
   * @param executed transactions that took effect
   * @param failed transactions that are in the block and had no effect
   * @param seconds what executing and writing it took
   */
  public void blockExecuted(long height, int executed, int failed, double seconds) {
    this.height.set((double) height);
    blocks.inc();
    transactions.labels("executed").inc(executed);
    transactions.labels("failed").inc(failed);
    blockTransactions.observe(executed + failed);
    apply.observe(seconds);
  }

  /** Blocks that came from peers because this node had missed them. */
  public void blocksFetched(int count) {
    fetchedBlocks.inc(count);
  }

  /** A peer was asked for blocks in vain; {@code reason} is a fixed word. */
  public void catchUpAnswerBad(String reason) {
    badAnswers.labels(word(reason)).inc();
  }

  /** What waits in the mempool. */
  public void mempool(long transactions, long bytes) {
    mempoolTransactions.set((double) transactions);
    mempoolBytes.set((double) bytes);
  }

  /** A transaction was not admitted; {@code reason} is the slug of the problem, a fixed word. */
  public void transactionRejected(String reason) {
    rejectedTransactions.labels(word(reason)).inc();
  }

  /** How many peers this node has a link to. */
  public void peersConnected(int count) {
    peersConnected.set(count);
  }

  /** A frame of so many bytes went to a peer. */
  public void frameSent(int bytes) {
    sentBytes.inc(bytes);
  }

  /** A frame of so many bytes came from a peer. */
  public void frameReceived(int bytes) {
    receivedBytes.inc(bytes);
  }

  /** A message was dropped since the peer's outbound queue was full. */
  public void messageDropped() {
    droppedMessages.inc();
  }

  /** A connection on the peer port was refused or closed; {@code reason} is a fixed word. */
  public void connectionRefused(String reason) {
    refusedConnections.labels(word(reason)).inc();
  }

  /** A peer's message was rejected; {@code reason} is a fixed word. */
  public void messageRejected(String reason) {
    rejectedMessages.labels(word(reason)).inc();
  }

  /** A proof that a validator is faulty is held; {@code kind} is what it shows, a fixed word. */
  public void evidenceFound(String kind) {
    evidence.labels(word(kind)).inc();
  }

  /** The journal was synced, which took {@code seconds}. */
  public void journalSynced(double seconds) {
    fsync.observe(seconds);
  }

  /** The size of the journal. */
  public void journalSize(long bytes) {
    journalBytes.set((double) bytes);
  }

  /** How much a part of the data folder takes; {@code part} is a fixed word. */
  public void diskUse(String part, long bytes) {
    diskBytes.labels(word(part)).set((double) bytes);
  }

  /** How much room the disk of the data folder has left. */
  public void diskFree(long bytes) {
    diskFreeBytes.set((double) bytes);
  }

  /** The newest snapshot is of this height. */
  public void snapshotHeight(long height) {
    snapshotHeight.set((double) height);
  }

  /** Of which height on transactions are kept. */
  public void transactionsKeptFrom(long height) {
    transactionsKeptFrom.set((double) height);
  }

  /** A part of the ledger cannot be read; it is not handed out. */
  public void damageFound() {
    damageFound.inc();
  }

  /** The whole ledger was read again to find damage. */
  public void scrubbed() {
    scrubs.inc();
  }

  /** A damaged block was fetched again; all that is kept of it can be read. */
  public void damageRepaired() {
    damageRepaired.inc();
  }

  /** A snapshot could not be taken, or old blocks not be dropped. */
  public void historyFailed() {
    historyFailures.inc();
  }

  /**
   * An HTTP request was answered.
   *
   * @param route the route's template, such as {@code /api/v1/blocks/{height}}, never the path that
   *     was asked for; what matches no route is {@code other}
   */
  public void httpAnswered(String route, int status, double seconds) {
    httpRequests.labels(word(route), Integer.toString(status)).inc();
    httpSeconds.labels(route).observe(seconds);
  }

  private static String word(String label) {
    if (!WORD.matcher(label).matches()) {
      throw new IllegalArgumentException("no fixed word for a label: '" + label + "'");
    }
    return label;
  }

  /** The registry, for an exporter of one's own. */
  public CollectorRegistry registry() {
    return registry;
  }

  /** The HTTP content type of {@link #scrape}. */
  public static String contentType() {
    return TextFormat.CONTENT_TYPE_004;
  }

  /** All metrics in the Prometheus text format 0.0.4. */
  public String scrape() {
    StringWriter out = new StringWriter(16_384);
    try {
      TextFormat.write004(out, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException("a string can always be written to", e);
    }
    return out.toString();
  }
}
