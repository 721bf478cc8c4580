package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.quorate.node.Node;
import org.quorate.node.NodeConfig;
import org.quorate.node.NodeStartException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quorate node}: one node, in this process. */
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Make and run one node.",
    subcommands = {NodeCommand.Init.class, NodeCommand.Start.class})
final class NodeCommand {
  private NodeCommand() {}

  /** How much a node logs. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description = {
        "Make the data folder of a new validator: one that has never signed anything on its chain.",
        "Never for one that has: start it without a data folder, and it votes again when the others"
            + " have told it what it signed."
      })
  static final class Init implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        required = true,
        description = "The node's folder, with node.json.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path dir;

    @Override
    public Integer call() throws CommandFailure {
      try {
        NodeConfig config = NodeConfig.read(dir);
        Node.init(config);
        output.print(
            "Made the data folder " + config.dataDir(),
            JsonNodeFactory.instance.objectNode().put("data_dir", config.dataDir().toString()));
        return ExitCode.OK.status();
      } catch (NodeStartException e) {
        throw failure(e);
      }
    }
  }

  private static CommandFailure failure(NodeStartException e) {
    ExitCode code =
        switch (e.kind()) {
          case CONFIGURATION -> ExitCode.MISMATCH;
          case ENVIRONMENT -> ExitCode.FAILED;
        };
    return new CommandFailure(code, String.valueOf(e.getMessage()), e);
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = {
        "Start the node whose node.json is in DIR, and run it until it is told to stop (SIGTERM or"
            + " Ctrl-C).",
        "Without a data folder it makes one, and votes only when the others have told it what it"
            + " may have signed; that of a new validator is made by quorate node init.",
        "A ledger that the disk has damaged is made anew first, of what can still be read of it, as"
            + " quorate ledger repair does, unless node.json says \"repair_ledger\": false.",
        "Prints one line when it serves; logs go to standard error."
      })
  static final class Start implements Callable<Integer> {
    /** Read by logback.xml of the node. */
    private static final String LOG_LEVEL_PROPERTY = "QUORATE_LOG_LEVEL";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        required = true,
        description = "The node's folder, with node.json.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path dir;

    @Option(
        names = "--stop-on-stdin-close",
        description = "Stop when standard input closes, so that the node ends with its starter.")
    private boolean stopOnStdinClose;

    @Option(
        names = "--log-level",
        paramLabel = "LEVEL",
        description =
            "error, warn, info or debug; without it the environment's QUORATE_LOG_LEVEL, or info.")
    private LogLevel logLevel = LogLevel.INFO;

    private final AtomicReference<@Nullable Node> running = new AtomicReference<>();
    private int status;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
      if (spec.commandLine().getParseResult().hasMatchedOption("--log-level")) {
        System.setProperty(LOG_LEVEL_PROPERTY, logLevel.name().toLowerCase(Locale.ROOT));
      }
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "stop-the-node"));
      if (stopOnStdinClose) {
        stopWhenClosed(System.in);
      }
      if (run()) {
        run(); // once: a disk that goes on damaging needs a human
      }
      return status;
    }

    /** Runs a node to its end; whether it should be started again, to make its ledger anew. */
    private boolean run() throws CommandFailure, InterruptedException {
      Node node = start();
      running.set(node);
      spec.commandLine()
          .getOut()
          .printf(
              "%s of chain %s: api http://%s, peers %s, metrics http://%s/metrics%n",
              node.name(),
              node.chain().chainId(),
              text(node.apiAddress()),
              text(node.peerAddress()),
              text(node.metricsAddress()));
      spec.commandLine().getOut().flush();
      status = node.awaitEnd();
      node.close();
      running.set(null);
      return status != ExitCode.OK.status() && node.startingAgainRepairs();
    }

    private void close() {
      Node node = running.get();
      if (node != null) {
        node.close();
      }
    }

    private Node start() throws CommandFailure {
      try {
        return Node.start(NodeConfig.read(dir), Version.current());
      } catch (NodeStartException e) {
        throw failure(e);
      }
    }

    private static String text(InetSocketAddress address) {
      return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static void stopWhenClosed(InputStream in) {
      Thread reader =
          new Thread(
              () -> {
                readToEnd(in);
                System.exit(ExitCode.OK.status());
              },
              "standard-input");
      reader.setDaemon(true);
      reader.start();
    }

    private static void readToEnd(InputStream in) {
      byte[] buffer = new byte[512];
      try {
        while (in.read(buffer) >= 0) {
          // What it says does not matter, only that it ends.
        }
      } catch (IOException e) {
        System.err.println("quorate: standard input cannot be read: " + e.getMessage());
      }
    }
  }
}
