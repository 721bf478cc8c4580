package org.quorate.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.light.ConflictFoundException;
import org.quorate.cli.light.LightFolder;
import org.quorate.cli.light.LightSummary;
import org.quorate.cli.light.Sync;
import org.quorate.cli.light.SyncReport;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.proof.Proof;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate light}: a client that follows the chain itself. */
@Command(
    name = "light",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Follow a chain's headers, trusting no node, and check proofs against them.",
    subcommands = {
      LightCommand.Follow.class,
      LightVerifyCommand.class,
      LightStateCommand.class,
      LightCommand.Status.class
    })
final class LightCommand {
  private LightCommand() {}

  /** The option that says where a light client keeps what it has: a mixin. */
  static final class FolderOption {
    @Option(
        names = "--dir",
        paramLabel = "DIR",
        required = true,
        description = "The light client's folder.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path dir;

    /** The folder. */
    Path dir() {
      return dir;
    }
  }

  private static List<NodeEndpoint> endpoints(List<String> urls, GenesisDocument genesis)
      throws CommandFailure {
    try {
      return urls.isEmpty()
          ? QuorateClient.endpoints(genesis)
          : urls.stream().map(NodeEndpoint::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "URL: " + e.getMessage(), e);
    }
  }

  /** A client that asks these nodes, or those of the genesis file where there are none. */
  static QuorateClient client(List<String> urls, GenesisDocument genesis) throws CommandFailure {
    return new QuorateClient(genesis.chain(), endpoints(urls, genesis), NodeClient.newHttpClient());
  }

  /**
   * Follows the chain; fails if no node was left that could be believed, or there is a conflict.
   */
  static SyncReport follow(LightFolder folder, Sync sync, Sync.Gaps gaps)
      throws CommandFailure, IOException, InterruptedException {
    SyncReport report;
    try {
      report = sync.run(gaps);
    } catch (ConflictFoundException e) {
      throw conflict(folder, e);
    }
    if (report.agreeing().isEmpty()) {
      throw NetworkOption.unanswered(
          "no node is left whose headers hold; %s is at block %d"
              .formatted(folder.path(), folder.height()),
          report.dropped().stream().anyMatch(SyncReport.Dropped::reached),
          List.of()); // why each was dropped has been said
    }
    return report;
  }

  /** How a command ends that has seen two blocks or results that cannot both be. */
  private static CommandFailure conflict(LightFolder folder, ConflictFoundException e) {
    StringBuilder message = new StringBuilder(e.getMessage() + ".\n");
    e.proof()
        .ifPresent(
            proof ->
                message
                    .append(
                        new EvidenceReport(folder.chain(), proof, proof.accused()).explanation())
                    .append('\n'));
    message.append(
        """
        Kept in %s. What was verified before is kept as it was, and %s goes no further until that file is removed."""
            .formatted(e.file(), folder.path()));
    return new CommandFailure(ExitCode.PROOF_INVALID, message.toString(), e);
  }

  @Command(
      name = "sync",
      mixinStandardHelpOptions = true,
      description = {
        "Follow the chain from its genesis, or from where DIR stands, to the highest block that any"
            + " of the nodes proves.",
        "A node that lies or does not answer is passed over. Exit code 3, with evidence in DIR, if"
            + " two nodes prove different blocks of one height, or different results of one block."
      })
  static final class Follow implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FolderOption folder;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private GenesisOption genesis;

    @Option(
        names = "--skip",
        description = {
          "Jump to the highest stable checkpoint, and follow from there only. DIR then lacks the"
              + " hashes of the blocks between; a later sync without --skip fills them in."
        })
    private boolean skip;

    @Parameters(
        paramLabel = "URL",
        arity = "0..*",
        description =
            "The nodes to ask, such as http://127.0.0.1:9201; those of the genesis file unless given.")
    private List<String> urls = new ArrayList<>();

    @Override
    public Integer call()
        throws CommandFailure, GenesisException, IOException, InterruptedException {
      GenesisDocument document = genesis.read();
      QuorateClient client = client(urls, document);
      try (LightFolder light = LightFolder.openOrCreate(folder.dir(), document)) {
        Sync sync = new Sync(light, client.nodes(), output::note);
        SyncReport done = follow(light, sync, skip ? Sync.Gaps.MAKE : Sync.Gaps.FILL);
        LightReport report = new LightReport(light.chain(), LightSummary.of(light));
        output.print(report.text(done), report.json(done));
      }
      return ExitCode.OK.status();
    }
  }

  /**
   * Stops with evidence if the block of a proof that holds, or its result, is another than the
   * folder has.
   */
  static void stopIfOther(LightFolder folder, Sync sync, String who, Proof proof)
      throws CommandFailure, IOException, InterruptedException {
    try {
      sync.stopIfOther(who, proof);
    } catch (ConflictFoundException e) {
      throw conflict(folder, e);
    }
  }

  /** Stops with evidence if a node proves another block, or another result, than was seen. */
  static void compareAt(LightFolder folder, Sync sync, long height)
      throws CommandFailure, IOException, InterruptedException {
    try {
      sync.compareAt(height);
    } catch (ConflictFoundException e) {
      throw conflict(folder, e);
    }
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Print what DIR has, all of it checked again; no node is asked.")
  static final class Status implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FolderOption folder;

    @Override
    public Integer call() throws CommandFailure, GenesisException, IOException {
      try (LightFolder light = LightFolder.read(folder.dir())) {
        LightReport report = new LightReport(light.chain(), LightSummary.of(light));
        output.print(report.text(), report.json());
      }
      return ExitCode.OK.status();
    }
  }
}
