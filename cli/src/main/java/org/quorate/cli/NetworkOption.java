package org.quorate.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.quorate.cli.client.NoAnswerException;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.network.NetworkFolder;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say which network a command talks to: a mixin. */
public final class NetworkOption {
  private static final int TIMEOUT_SECONDS_MAX = 3_600;

  @ArgGroup(multiplicity = "1")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Where where;

  @Option(
      names = "--node",
      paramLabel = "URL",
      description = {
        "Ask this node, such as http://127.0.0.1:9201, and not those that the genesis file names;"
            + " may be given several times."
      })
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to try, at most an hour; ${DEFAULT-VALUE} unless given.")
  private int timeoutSeconds = 60;

  private static final class Where {
    @Option(
        names = "--genesis",
        paramLabel = "FILE",
        description = "The genesis file: what everything is checked against.")
    private @Nullable Path genesis;

    @Option(
        names = "--network",
        paramLabel = "DIR",
        description = "A folder of `quorate network create`: DIR/genesis.json and DIR/clients.")
    private @Nullable Path network;
  }

  /** The folder of the network, where one was named. */
  Optional<NetworkFolder> folder() throws CommandFailure {
    return where.network == null
        ? Optional.empty()
        : Optional.of(NetworkFolder.open(where.network));
  }

  /** The network's genesis. */
  GenesisDocument genesis() throws CommandFailure, GenesisException {
    Optional<NetworkFolder> folder = folder();
    if (folder.isPresent()) {
      return folder.get().genesis();
    }
    if (where.genesis == null) {
      throw new AssertionError("picocli takes exactly one of --genesis and --network");
    }
    return GenesisDocument.read(where.genesis);
  }

  /** A client of the network. */
  QuorateClient client() throws CommandFailure, GenesisException {
    GenesisDocument genesis = genesis();
    return new QuorateClient(
        genesis.chain(),
        addresses.isEmpty() ? QuorateClient.endpoints(genesis) : named(),
        NodeClient.newHttpClient());
  }

  private List<NodeEndpoint> named() throws CommandFailure {
    try {
      return addresses.stream().map(NodeEndpoint::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--node: " + e.getMessage(), e);
    }
  }

  /** How long to try. */
  Duration timeout() throws CommandFailure {
    if (timeoutSeconds < 1 || timeoutSeconds > TIMEOUT_SECONDS_MAX) {
      throw new CommandFailure(
          ExitCode.USAGE, "--timeout is 1 to " + TIMEOUT_SECONDS_MAX + " seconds");
    }
    return Duration.ofSeconds(timeoutSeconds);
  }

  /** The failure that tells what each node said. */
  static CommandFailure unanswered(String what, boolean reached, List<String> reports) {
    StringBuilder message = new StringBuilder(what);
    reports.forEach(report -> message.append("\n  ").append(report));
    if (!reached) {
      message.append(
          "\nNo node answered. Is the network up? On this machine: quorate network up DIR");
    }
    return new CommandFailure(reached ? ExitCode.FAILED : ExitCode.UNREACHABLE, message.toString());
  }

  /** As {@link #unanswered(String, boolean, List)}. */
  static CommandFailure unanswered(NoAnswerException e) {
    CommandFailure failure = unanswered(String.valueOf(e.getMessage()), e.reached(), e.reports());
    return e.otherChain()
        ? new CommandFailure(ExitCode.MISMATCH, String.valueOf(failure.getMessage()))
        : failure;
  }
}
