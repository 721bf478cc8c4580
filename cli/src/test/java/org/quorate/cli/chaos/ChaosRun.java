package org.quorate.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeStatus;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.network.FreePorts;
import org.quorate.cli.network.NetworkFolder;
import org.quorate.cli.network.NetworkPlan;
import org.quorate.cli.network.RunOptions;
import org.quorate.cli.network.RunningNetwork;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.NodeFile;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.store.LevelDbStore;

/**
 * Four node processes, a proxy between each two of them, a dozen clients, and a schedule of faults.
 * Not part of the gate: {@code mvn -Pchaos verify} runs it, see the README of this module.
 */
final class ChaosRun {
  private static final int NODES = 4;
  private static final int STEADY = 8;
  private static final int FICKLE = 4;

  /** After a long silence the view timer has doubled some times, and another view may be needed. */
  private static final int VIEW_TIMEOUTS_MAX = 30;

  private static final int PROOF_TIMEOUTS = 10;

  /** Four JVMs start at once, on a machine that may be busy with other things. */
  private static final int START_SECONDS_MAX = 120;

  private static final int REST_MILLIS_MAX = 60_000;

  /** If so many flipped bits are expected, there is one. */
  private static final int FLIPS_FOR_SURE = 20;

  private static final long CLIENTS_END_MILLIS_MAX = 60_000;

  private final long seed = Long.getLong("quorate.chaos.seed", System.nanoTime() & 0xffff_ffffL);
  private final double minutes =
      Double.parseDouble(System.getProperty("quorate.chaos.minutes", "10"));
  private final Path folder = Path.of("target", "chaos", "seed-" + seed).toAbsolutePath();
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final Map<String, Integer> struck = new TreeMap<>();
  private final List<Thread> clients = new ArrayList<>();
  private int episodes;
  private long slowestMillis;

  @Test
  void nothingAcknowledgedIsLostDuplicatedOrReordered() throws Exception {
    Files.createDirectories(folder.getParent());
    deleteOld();
    Files.createDirectory(folder);
    try (ChaosLog log = new ChaosLog(folder.resolve("chaos.log"));
        History history = new History(folder.resolve("history.txt"))) {
      log.say("seed %d, %.2f minutes, in %s".formatted(seed, minutes, folder));
      NetworkFolder made = run(log, history);
      List<ChainCopy> copies = read(made);
      HistoryCheck.violations(history.attempts(), copies).forEach(log::violation);
      summary(log, history, copies);
      assertThat(log.violations())
          .as(
              "rerun with -Dquorate.chaos.seed=%d; schedule, history and logs are in %s",
              seed, folder)
          .isEmpty();
    }
    deleteNodes(); // a run that failed keeps them
  }

  private NetworkFolder run(ChaosLog log, History history) throws Exception {
    int basePort = FreePorts.base(NODES);
    NetworkFolder made = NetworkFolder.create(folder.resolve("network"), plan(basePort));
    Links links = new Links(NODES);
    RunOptions options = new RunOptions("192m", List.of(), Duration.ofSeconds(START_SECONDS_MAX));
    try (Proxies proxies = Proxies.between(made, basePort, links, seed)) {
      proxies.start();
      try (RunningNetwork network = RunningNetwork.start(made.path(), options)) {
        List<NodeClient> nodes = nodes(made);
        startClients(made, nodes, history, log);
        Watch watch = new Watch(network, nodes, log);
        Arena arena = new Arena(network, links, nodes, log);
        try {
          strike(made.genesis().chain(), arena, watch, log);
          endClients();
          if (!watch.awaitRest(REST_MILLIS_MAX)) {
            log.violation("the nodes do not come to rest at one block");
          }
          // What proofs a node still lacks it gets soon after.
          Thread.sleep(
              (long) PROOF_TIMEOUTS * made.genesis().chain().parameters().viewTimeoutMillis());
        } finally {
          open.set(false);
          clients.forEach(Thread::interrupt);
        }
        arena.checkEnds();
        checkLinks(links, log);
        watch.checkEvidence();
        watch.checkLogs();
        log.say("views: " + watch.statuses().stream().map(NodeStatus::view).toList());
      }
    }
    return made;
  }

  private static NetworkPlan plan(int basePort) {
    List<String> names =
        Stream.concat(
                IntStream.range(0, STEADY).mapToObj(i -> "steady" + i),
                IntStream.range(0, FICKLE).mapToObj(i -> "fickle" + i))
            .toList();
    return new NetworkPlan(
        "chaos", NODES, names, basePort, ChainParameters.DEFAULTS, new TreeMap<>());
  }

  private static List<NodeClient> nodes(NetworkFolder made) {
    return new QuorateClient(
            made.genesis().chain(),
            QuorateClient.endpoints(made.genesis()),
            NodeClient.newHttpClient())
        .nodes();
  }

  private void startClients(
      NetworkFolder made, List<NodeClient> nodes, History history, ChaosLog log) throws Exception {
    ChainSpec chain = made.genesis().chain();
    Random random = new Random(seed);
    for (var client : chain.clients().clients()) {
      ChaosClient work =
          new ChaosClient(
              client.name(),
              KeyFile.read(made.clientKey(client.name())),
              chain,
              nodes,
              history,
              log,
              open::get,
              random.nextLong());
      Thread thread = new Thread(work, client.name());
      thread.setDaemon(true);
      clients.add(thread);
      thread.start();
    }
  }

  private void strike(ChainSpec chain, Arena arena, Watch watch, ChaosLog log) throws Exception {
    long endNanos = log.nanos() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
    int viewTimeoutMillis = chain.parameters().viewTimeoutMillis();
    Schedule schedule = new Schedule(seed, NODES);
    while (log.nanos() < endNanos) {
      Episode episode = schedule.next();
      episodes++;
      log.say("episode %d: %s".formatted(episode.number(), episode.faults()));
      for (Fault fault : episode.faults()) {
        fault.strike(arena);
        struck.merge(fault.getClass().getSimpleName(), 1, Integer::sum);
        TimeUnit.MILLISECONDS.sleep(episode.apartMillis());
      }
      TimeUnit.MILLISECONDS.sleep(episode.holdMillis());
      arena.checkEnds();
      log.say("  healing");
      if (!arena.heal(log.nanos() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX))) {
        return;
      }
      long tookMillis = watch.awaitProgress(VIEW_TIMEOUTS_MAX * viewTimeoutMillis);
      if (tookMillis < 0) {
        log.violation(
            "no new block on all nodes within %d view timeouts after healing"
                .formatted(VIEW_TIMEOUTS_MAX));
        return;
      }
      slowestMillis = Math.max(slowestMillis, tookMillis);
      log.say("  all nodes go on %d ms after healing".formatted(tookMillis));
      watch.checkAgreement();
      watch.checkEvidence();
      TimeUnit.MILLISECONDS.sleep(episode.calmMillis());
    }
  }

  /** No new transactions; the last ones must be acknowledged. */
  private void endClients() throws InterruptedException {
    open.set(false);
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLIENTS_END_MILLIS_MAX);
    for (Thread client : clients) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      client.join(Math.max(1, left));
    }
  }

  /** A node that went round its proxies would make every cut a fiction. */
  private void checkLinks(Links links, ChaosLog log) {
    for (int from = 0; from < NODES; from++) {
      for (int to = 0; to < NODES; to++) {
        if (from != to && links.link(from, to).bytesPassed() == 0) {
          log.violation(
              "nothing went through the proxies from node%d to node%d".formatted(from, to));
        }
      }
    }
    if (links.flipsExpected() > FLIPS_FOR_SURE && links.flips() == 0) {
      log.violation("bits were to be flipped on a link, and none was");
    }
    log.say(
        "bits flipped on the way: %d, of %d expected"
            .formatted(links.flips(), Math.round(links.flipsExpected())));
  }

  private static List<ChainCopy> read(NetworkFolder made) throws Exception {
    List<ChainCopy> copies = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      NodeFile node = NodeFile.read(made.nodeFolder(i).resolve("node.json"));
      copies.add(
          ChainReader.read(
              "node" + i,
              made.genesis().chain(),
              LevelDbStore.open(node.dataDir().resolve("ledger"))));
    }
    return copies;
  }

  private void summary(ChaosLog log, History history, List<ChainCopy> copies) {
    ChainCopy copy = copies.get(0);
    long standing = copy.blocks().stream().mapToLong(entry -> entry.receipts().size()).sum();
    log.say("seed %d: %d episodes, faults %s".formatted(seed, episodes, struck));
    log.say(
        "%d transactions submitted, %d acknowledged, %d in %d blocks on each of %d nodes"
            .formatted(
                history.attempts().size(),
                history.acknowledged(),
                standing,
                copy.blocks().size(),
                NODES));
    log.say(
        "slowest recovery %d ms; violations %d".formatted(slowestMillis, log.violations().size()));
  }

  private void deleteOld() throws IOException {
    delete(folder);
  }

  private void deleteNodes() throws IOException {
    for (int i = 0; i < NODES; i++) {
      delete(folder.resolve("network").resolve("node" + i).resolve("data"));
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(path);
      }
    }
  }
}
