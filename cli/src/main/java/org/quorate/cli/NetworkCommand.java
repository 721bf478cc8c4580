package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.quorate.cli.network.NetworkFolder;
import org.quorate.cli.network.NetworkPlan;
import org.quorate.cli.network.RunOptions;
import org.quorate.cli.network.RunningNetwork;
import org.quorate.ledger.chain.ChainParameters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate network}: a whole network on this machine. */
@Command(
    name = "network",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Make and run a whole network on this machine.",
    subcommands = {NetworkCommand.Create.class, NetworkCommand.Up.class})
final class NetworkCommand {
  private NetworkCommand() {}

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      showDefaultValues = true,
      description = {
        "Make keys, a genesis file and a folder for each node in DIR.",
        "A client may write keys that begin with its own name and a slash, or with shared/."
      })
  static final class Create implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Parameters(paramLabel = "DIR", description = "The folder to make; it must be empty or new.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path dir;

    @Option(names = "--validators", paramLabel = "N", description = "How many nodes, 1 to 99.")
    private int validators = 4;

    @Option(
        names = "--clients",
        paramLabel = "NAME",
        split = ",",
        description = "Names of the clients that get a key.")
    private List<String> clients = List.of("alice", "bob");

    @Option(names = "--chain-id", paramLabel = "ID", description = "The chain's name.")
    private String chainId = "local";

    @Option(
        names = "--base-port",
        paramLabel = "PORT",
        description = "Peers meet on PORT+1+i, the API is on PORT+101+i, metrics on PORT+201+i.")
    private int basePort = NetworkPlan.BASE_PORT;

    @Option(
        names = "--param",
        paramLabel = "NAME=INTEGER",
        description = "One of consensus_params, such as view_timeout_millis=500.")
    private Map<String, Integer> parameters = new TreeMap<>();

    @Option(
        names = "--state",
        paramLabel = "KEY=VALUE",
        description = "An entry of the state before the first block.")
    private Map<String, String> state = new TreeMap<>();

    @Override
    public Integer call() throws CommandFailure {
      NetworkFolder network = create();
      String hash = network.genesis().chain().chainHash().hex();
      ObjectNode json =
          JsonNodeFactory.instance
              .objectNode()
              .put("dir", dir.toString())
              .put("chain_id", chainId)
              .put("chain_hash", hash)
              .put("validators", validators);
      ArrayNode names = json.putArray("clients");
      clients.forEach(names::add);
      output.print(
          "Made the chain %s of %d validators in %s%nchain hash %s"
              .formatted(chainId, validators, dir, hash),
          json);
      output.note("Start it by: quorate network up " + dir);
      return ExitCode.OK.status();
    }

    private NetworkFolder create() throws CommandFailure {
      try {
        return NetworkFolder.create(
            dir,
            new NetworkPlan(
                chainId, validators, clients, basePort, parameters(), new TreeMap<>(state)));
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }

    private ChainParameters parameters() {
      Map<String, Integer> left = new TreeMap<>(parameters);
      ChainParameters usual = ChainParameters.DEFAULTS;
      ChainParameters chosen =
          new ChainParameters(
              take(left, "block_transactions_max", usual.blockTransactionsMax()),
              take(left, "block_bytes_max", usual.blockBytesMax()),
              take(left, "transaction_bytes_max", usual.transactionBytesMax()),
              take(left, "window_blocks", usual.windowBlocks()),
              take(left, "batch_delay_millis", usual.batchDelayMillis()),
              take(left, "view_timeout_millis", usual.viewTimeoutMillis()),
              take(left, "clock_drift_millis", usual.clockDriftMillis()),
              take(left, "rotation_interval_blocks", usual.rotationIntervalBlocks()));
      if (!left.isEmpty()) {
        throw new IllegalArgumentException("consensus_params has no " + left.keySet());
      }
      return chosen;
    }

    private static int take(Map<String, Integer> from, String name, int usual) {
      Integer value = from.remove(name);
      return value == null ? usual : value;
    }
  }

  @Command(
      name = "up",
      mixinStandardHelpOptions = true,
      showDefaultValues = true,
      description = {
        "Run all nodes of the network in DIR, each as a process, until Ctrl-C.",
        "Each node writes its log to DIR/nodeI/node.log. When this command ends, however it does,"
            + " the nodes end too."
      })
  static final class Up implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Parameters(paramLabel = "DIR", description = "The folder that `network create` made.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path dir;

    @Option(names = "--heap", paramLabel = "SIZE", description = "The heap of each node.")
    private String heap = RunOptions.DEFAULTS.heap();

    @Option(
        names = "--jvm-option",
        paramLabel = "OPTION",
        description = "A further option for each node's Java; may be given several times.")
    private List<String> jvmOptions = new ArrayList<>();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
      try (RunningNetwork network = RunningNetwork.start(dir, options())) {
        report(network);
        int running = network.size();
        while (running > 0) {
          int node = network.awaitEnd();
          if (network.stopping()) {
            return ExitCode.OK.status(); // by Ctrl-C
          }
          running--;
          output.note(
              "node%d ended with status %d, see %s; start it again by: quorate node start --dir %s"
                  .formatted(
                      node,
                      network.exitStatus(node),
                      network.log(node),
                      network.folder().nodeFolder(node)));
        }
        throw new CommandFailure(ExitCode.FAILED, "all nodes have ended");
      }
    }

    private RunOptions options() throws CommandFailure {
      try {
        return new RunOptions(heap, jvmOptions, RunOptions.DEFAULTS.readyTimeout());
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }

    private void report(RunningNetwork network) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("chain_id", network.genesis().chain().chainId());
      ArrayNode nodes = json.putArray("nodes");
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < network.size(); i++) {
        lines.add(
            "node%d is ready: API http://%s, metrics http://%s/metrics, process %d, log %s"
                .formatted(i, network.api(i), network.metrics(i), network.pid(i), network.log(i)));
        nodes
            .addObject()
            .put("name", "node" + i)
            .put("api", "http://" + network.api(i))
            .put("metrics", "http://" + network.metrics(i) + "/metrics")
            .put("pid", network.pid(i))
            .put("log", network.log(i).toString());
      }
      output.print(String.join("\n", lines), json);
      output.note("All nodes are ready. Ctrl-C stops them.");
    }
  }
}
