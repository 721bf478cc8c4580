package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.quorate.cli.client.HeaderBatch;
import org.quorate.cli.client.NoAnswerException;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.light.ForkFoundException;
import org.quorate.cli.light.LightFolder;
import org.quorate.cli.light.LightSummary;
import org.quorate.cli.light.Standing;
import org.quorate.cli.light.Sync;
import org.quorate.cli.light.SyncReport;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.Proof;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;
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
      LightCommand.Verify.class,
      LightCommand.State.class,
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

  private static QuorateClient client(List<String> urls, GenesisDocument genesis)
      throws CommandFailure {
    return new QuorateClient(genesis.chain(), endpoints(urls, genesis), NodeClient.newHttpClient());
  }

  /** Follows the chain; fails if no node was left that could be believed. */
  private static SyncReport follow(
      LightFolder folder, QuorateClient client, Sync.Gaps gaps, OutputOption output)
      throws CommandFailure, IOException, InterruptedException {
    SyncReport report;
    try {
      report = new Sync(folder, client.nodes(), output::note).run(gaps);
    } catch (ForkFoundException e) {
      throw forked(folder, e);
    }
    if (report.agreeing().isEmpty()) {
      throw NetworkOption.unanswered(
          "no node is left whose headers hold; %s is at block %d"
              .formatted(folder.path(), folder.height()),
          report.dropped().stream().anyMatch(SyncReport.Dropped::reached),
          report.dropped().stream().map(node -> node.node() + ": " + node.why()).toList());
    }
    return report;
  }

  private static CommandFailure forked(LightFolder folder, ForkFoundException e) {
    Optional<Fork> fork = e.fork();
    StringBuilder message = new StringBuilder("the chain has forked: " + e.getMessage() + ".\n");
    fork.ifPresent(
        proof ->
            message
                .append(new EvidenceReport(folder.chain(), proof, proof.accused()).explanation())
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
            + " two nodes prove different blocks of one height."
      })
  static final class Follow implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FolderOption folder;

    @Option(
        names = "--genesis",
        paramLabel = "FILE",
        required = true,
        description = "The genesis file of the chain, from a source you trust.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path genesis;

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
      GenesisDocument document = GenesisDocument.read(genesis);
      QuorateClient client = client(urls, document);
      try (LightFolder light = LightFolder.openOrCreate(folder.dir, document)) {
        SyncReport sync = follow(light, client, skip ? Sync.Gaps.MAKE : Sync.Gaps.FILL, output);
        LightReport report = new LightReport(light.chain(), LightSummary.of(light));
        output.print(report.text(sync), report.json(sync));
      }
      return ExitCode.OK.status();
    }
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Check a proof as `proof verify` does, and that its block is the one that DIR has.",
        "Exit code 3, with the reason, if it does not hold; and, with evidence in DIR, if it holds and"
            + " is of another block. Only then are nodes asked, those of the genesis file, for what"
            + " the evidence lacks."
      })
  static final class Verify implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FolderOption folder;

    @Parameters(
        paramLabel = "PROOF",
        description = "The file that `proof get` or `proof state` saved.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call()
        throws CommandFailure, GenesisException, IOException, InterruptedException {
      try (LightFolder light = LightFolder.read(folder.dir)) {
        light.refuseIfForked();
        Proof proof = ProofFile.verified(light.chain(), file);
        stopIfOther(
            light, client(List.of(), light.genesis()), "the proof in " + file, proof, output);
        long height = proof.header().height();
        Standing standing = Standing.of(light, height);
        print(light.chain(), proof, standing.text(light, height), standing.slug());
      }
      return ExitCode.OK.status();
    }

    private void print(ChainSpec chain, Proof proof, String text, String standing) {
      String explanation;
      ObjectNode json;
      if (proof instanceof StateProof state) {
        StateProofReport report = new StateProofReport(chain, state);
        explanation = report.explanation();
        json = report.json();
      } else {
        ProofReport report = new ProofReport(chain, (TransactionProof) proof);
        explanation = report.explanation();
        json = report.json();
      }
      output.print(explanation + "\n" + text, json.put("valid", true).put("standing", standing));
    }
  }

  private static void stopIfOther(
      LightFolder folder, QuorateClient client, String who, Proof proof, OutputOption output)
      throws CommandFailure, IOException, InterruptedException {
    try {
      new Sync(folder, client.nodes(), output::note)
          .stopIfOther(
              who, new HeaderBatch(List.of(proof.header()), proof.commit(), Optional.empty()));
    } catch (ForkFoundException e) {
      throw forked(folder, e);
    }
  }

  @Command(
      name = "state",
      mixinStandardHelpOptions = true,
      description = {
        "Print the values of keys, proven, after a block that DIR has; headers up to that block are"
            + " followed first where they are missing.",
        "Of the proofs of f+1 nodes, or of as many as answer, the highest."
      })
  static final class State implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FolderOption folder;

    @Option(names = "--hex", description = "The keys are hex.")
    private boolean hex;

    @Parameters(
        paramLabel = "KEY|URL",
        arity = "1..*",
        description =
            "The keys; and the nodes to ask, which begin with http:// or https:// (those of the genesis file unless given). Write a key that begins so in hex.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> words;

    @Override
    public Integer call()
        throws CommandFailure, GenesisException, IOException, InterruptedException {
      List<String> urls = words.stream().filter(State::isUrl).toList();
      TreeSet<ByteString> keys = new TreeSet<>();
      for (String word : words) {
        if (!isUrl(word)) {
          keys.add(StateCommand.key(word, hex));
        }
      }
      if (keys.isEmpty()) {
        throw new CommandFailure(ExitCode.USAGE, "KEY: name at least one key");
      }
      try (LightFolder light = LightFolder.open(folder.dir)) {
        light.refuseIfForked();
        QuorateClient client = client(urls, light.genesis());
        StateProof proof = proof(client, keys);
        long height = proof.header().height();
        if (height > light.height()) {
          follow(light, client, Sync.Gaps.LEAVE, output);
        }
        stopIfOther(light, client, "the proof of the state", proof, output);
        requireKnown(light, height);
        print(light, proof);
      }
      return ExitCode.OK.status();
    }

    private static boolean isUrl(String word) {
      return word.startsWith("http://") || word.startsWith("https://");
    }

    private static StateProof proof(QuorateClient client, SortedSet<ByteString> keys)
        throws CommandFailure, InterruptedException {
      try {
        return client.stateProof(keys).proof();
      } catch (NoAnswerException e) {
        throw NetworkOption.unanswered(e);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }

    private static void requireKnown(LightFolder light, long height)
        throws CommandFailure, IOException {
      Standing standing = Standing.of(light, height);
      if (standing != Standing.SAME) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "the proof holds, but not that its block is of the chain that DIR follows. "
                + standing.text(light, height));
      }
    }

    private void print(LightFolder light, StateProof proof) {
      StateProofReport report = new StateProofReport(light.chain(), proof);
      long older = light.height() - proof.header().height();
      output.print(
          report.blockText() + "\n" + report.valuesText(),
          report.json().put("head_height", light.height()).put("blocks_behind_head", older));
      if (older > 0) {
        output.note(
            "The proof is %d blocks older than block %d, the highest of %s."
                .formatted(older, light.height(), light.path()));
      }
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
      try (LightFolder light = LightFolder.read(folder.dir)) {
        LightReport report = new LightReport(light.chain(), LightSummary.of(light));
        output.print(report.text(), report.json());
      }
      return ExitCode.OK.status();
    }
  }
}
