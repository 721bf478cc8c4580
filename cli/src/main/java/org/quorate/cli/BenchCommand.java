package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.quorate.cli.bench.BenchResult;
import org.quorate.cli.bench.LoadClient;
import org.quorate.cli.bench.LoadRun;
import org.quorate.cli.client.NoAnswerException;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NonceFile;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.network.NetworkFolder;
import org.quorate.cli.network.NetworkPlan;
import org.quorate.cli.network.RunOptions;
import org.quorate.cli.network.RunningNetwork;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.KeyFileException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.membership.Client;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate bench}: how many transactions a second a network executes. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measure transactions per second and latencies.",
      "Loads the network in DIR. Each client keeps its transactions of 200 bytes in flight: it sends one more, to all nodes,"
          + " when one was executed. A transaction counts as executed when f+1 nodes report the"
          + " same block with it; its latency runs from the moment before it is first sent. The"
          + " transactions are signed ahead of time.",
      "Exit code 1 if a transaction failed, 5 if the network is not up."
    })
final class BenchCommand implements Callable<Integer> {
  /** How fast a network the transactions signed ahead of time suffice for. */
  private static final int SIGNED_AHEAD_PER_SECOND = 4_000;

  private static final int HTTP_THREADS = 2;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Parameters(paramLabel = "DIR", description = "The folder that `network create` made.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path dir;

  @Option(names = "--clients", paramLabel = "N", description = "How many clients of DIR/clients.")
  private int clients = 8;

  @Option(
      names = "--outstanding",
      paramLabel = "N",
      description = "How many transactions each client keeps in flight.")
  private int outstanding = 250;

  @Option(names = "--seconds", paramLabel = "N", description = "How long to count.")
  private int seconds = 15;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description = "How long to load before counting.")
  private int warmup = 60;

  @Option(
      names = "--start",
      description = {
        "Start the network and stop it afterwards; if DIR does not exist, make it first, with four"
            + " validators and the clients load0, load1 and so on."
      })
  private boolean start;

  @Option(
      names = "--base-port",
      paramLabel = "PORT",
      description = "With --start and a DIR to be made: as for `network create`.")
  private int basePort = NetworkPlan.BASE_PORT;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description = "With --start: the heap of each node.")
  private String heap = RunOptions.DEFAULTS.heap();

  @Override
  public Integer call() throws CommandFailure, IOException, InterruptedException {
    require("--clients", clients, 1, 1_000);
    require("--outstanding", outstanding, 1, 10_000);
    require("--seconds", seconds, 1, 3_600);
    require("--warmup", warmup, 0, 3_600);
    if (!start) {
      return measure(NetworkFolder.open(dir));
    }
    if (!Files.exists(dir)) {
      makeNetwork();
    }
    output.note("Starting the network in " + dir);
    try (RunningNetwork network = RunningNetwork.start(dir, runOptions())) {
      return measure(network.folder());
    }
  }

  private static void require(String option, int value, int min, int max) throws CommandFailure {
    if (value < min || value > max) {
      throw new CommandFailure(
          ExitCode.USAGE, "%s is %d to %d, not %d".formatted(option, min, max, value));
    }
  }

  private void makeNetwork() throws CommandFailure {
    List<String> names = IntStream.range(0, clients).mapToObj(i -> "load" + i).toList();
    NetworkPlan usual = NetworkPlan.of("bench", 4, names);
    try {
      NetworkFolder.create(
          dir,
          new NetworkPlan(
              usual.chainId(),
              usual.validators(),
              usual.clients(),
              basePort,
              usual.parameters(),
              usual.state()));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private RunOptions runOptions() throws CommandFailure {
    try {
      return new RunOptions(heap, List.of(), RunOptions.DEFAULTS.readyTimeout());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--heap: " + e.getMessage(), e);
    }
  }

  private int measure(NetworkFolder folder)
      throws CommandFailure, IOException, InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            HTTP_THREADS,
            task -> {
              Thread thread = new Thread(task, "bench-http");
              thread.setDaemon(true);
              return thread;
            });
    try {
      HttpClient http = NodeClient.newHttpClient(threads);
      QuorateClient network =
          new QuorateClient(
              folder.genesis().chain(), QuorateClient.endpoints(folder.genesis()), http);
      LoadRun run =
          new LoadRun(
              network.weakQuorum(),
              network.nodes().stream().map(NodeClient::node).toList(),
              loadClients(folder, network),
              outstanding,
              http,
              output::note);
      int ahead = (warmup + seconds) * SIGNED_AHEAD_PER_SECOND / clients;
      output.note("Signing %,d transactions ahead".formatted(ahead * clients));
      run.signAhead(ahead);
      BenchResult result =
          run.run(Duration.ofSeconds(warmup), Duration.ofSeconds(seconds))
              .orElseThrow(() -> unreachable("fewer than f+1 nodes have an event stream"));
      output.print(text(folder.genesis().chain(), result), json(result));
      return (result.failed() == 0 && result.executed() > 0 ? ExitCode.OK : ExitCode.FAILED)
          .status();
    } finally {
      threads.shutdownNow();
    }
  }

  private CommandFailure unreachable(String what) {
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        "%s; start the network by: quorate network up %s (or give --start)".formatted(what, dir));
  }

  private List<LoadClient> loadClients(NetworkFolder folder, QuorateClient network)
      throws CommandFailure, IOException, InterruptedException {
    ChainSpec chain = folder.genesis().chain();
    List<Client> members =
        chain.clients().clients().stream()
            .filter(client -> Files.exists(folder.clientKey(client.name())))
            .limit(clients)
            .toList();
    if (members.size() < clients) {
      throw new CommandFailure(
          ExitCode.FAILED,
          ("%s has the keys of %d clients, and %d are asked for; make a network with more"
                  + " (quorate network create DIR --clients load0,load1,…) or give --clients %d")
              .formatted(dir, members.size(), clients, members.size()));
    }
    List<LoadClient> sources = new ArrayList<>();
    for (Client member : members) {
      Path file = folder.clientKey(member.name());
      try {
        sources.add(
            new LoadClient(
                chain,
                member,
                KeyFile.read(file),
                NonceFile.beside(file),
                network.highestNonce(member.publicKey())));
      } catch (NoAnswerException e) {
        throw unreachable(String.valueOf(e.getMessage()));
      } catch (KeyFileException e) {
        throw new CommandFailure(ExitCode.MISMATCH, String.valueOf(e.getMessage()), e);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
      }
    }
    return sources;
  }

  private String text(ChainSpec chain, BenchResult result) {
    String late =
        result.signedLate() == 0
            ? ""
            : "%nsigned late  %,d: more were executed than were signed ahead"
                .formatted(result.signedLate());
    return String.format(
            Locale.ROOT,
            """
            load         %d clients with %d transactions of %d bytes in flight each, %d validators
            executed     %,d transactions in %.1f s, in %,d blocks
            throughput   %,.0f transactions per second
            latency      p50 %,.0f ms, p95 %,.0f ms, p99 %,.0f ms, greatest %,.0f ms
            failures     %,d""",
            clients,
            outstanding,
            LoadClient.TRANSACTION_BYTES,
            chain.validators().n(),
            result.executed(),
            result.seconds(),
            result.blocks(),
            result.transactionsPerSecond(),
            result.p50Millis(),
            result.p95Millis(),
            result.p99Millis(),
            result.maxMillis(),
            result.failed())
        + late;
  }

  private ObjectNode json(BenchResult result) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("clients", clients)
            .put("outstanding_per_client", outstanding)
            .put("transaction_bytes", LoadClient.TRANSACTION_BYTES)
            .put("warmup_seconds", warmup)
            .put("seconds", result.seconds())
            .put("executed", result.executed())
            .put("blocks", result.blocks())
            .put("failed", result.failed())
            .put("signed_late", result.signedLate())
            .put("transactions_per_second", result.transactionsPerSecond());
    json.putObject("latency_millis")
        .put("p50", result.p50Millis())
        .put("p95", result.p95Millis())
        .put("p99", result.p99Millis())
        .put("max", result.maxMillis());
    return json;
  }
}
