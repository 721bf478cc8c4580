package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.quorate.cli.client.Lookup;
import org.quorate.cli.client.NoAnswerException;
import org.quorate.cli.client.ProvenState;
import org.quorate.cli.client.QuorateClient;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.json.ProofJson;
import org.quorate.ledger.json.StateProofJson;
import org.quorate.ledger.proof.Proof;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate proof}: what anyone can check without a network. */
@Command(
    name = "proof",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Save and verify proofs of transactions and of the state.",
    subcommands = {ProofCommand.Get.class, ProofCommand.State.class, ProofCommand.Verify.class})
final class ProofCommand {
  private ProofCommand() {}

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "Save the proof of a transaction, once it was checked.")
  static final class Get implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NetworkOption network;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FileOption target;

    @Parameters(paramLabel = "HASH", description = "The transaction's hash, 64 hex digits.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String hash;

    @Override
    public Integer call()
        throws CommandFailure, GenesisException, IOException, InterruptedException {
      Digest digest = HashArgument.parse(hash);
      target.check();
      Lookup found = network.client().find(digest, network.timeout());
      if (found instanceof Lookup.Pending) {
        throw new CommandFailure(
            ExitCode.FAILED, "the transaction is pending; try again in a moment");
      }
      if (!(found instanceof Lookup.Proven proven)) {
        throw HashArgument.notFound(hash, found);
      }
      target.write(ProofJson.write(proven.proof()));
      output.print(
          "Saved the proof of %s, checked, in %s".formatted(hash, target.file()),
          JsonNodeFactory.instance
              .objectNode()
              .put("hash", hash)
              .put("height", proven.proof().header().height())
              .put("file", target.file().toString())
              .put("from", proven.from().name()));
      output.note("Verify it anywhere by: quorate proof verify --genesis FILE " + target.file());
      return ExitCode.OK.status();
    }
  }

  @Command(
      name = "state",
      mixinStandardHelpOptions = true,
      description = {
        "Save the proof of the values of keys, or that they are absent, once it was checked.",
        "All values are those after one block: of those that f+1 nodes can prove the highest."
      })
  static final class State implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NetworkOption network;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FileOption target;

    @Option(names = "--hex", description = "The keys are hex.")
    private boolean hex;

    @Parameters(paramLabel = "KEY", arity = "1..64", description = "The keys.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> keys;

    @Override
    public Integer call()
        throws CommandFailure, GenesisException, IOException, InterruptedException {
      TreeSet<ByteString> asked = new TreeSet<>();
      for (String key : keys) {
        asked.add(StateCommand.key(key, hex));
      }
      target.check();
      QuorateClient client = network.client();
      ProvenState proven;
      try {
        proven = client.stateProof(asked);
      } catch (NoAnswerException e) {
        throw NetworkOption.unanswered(e);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
      target.write(StateProofJson.write(proven.proof()));
      StateProofReport report = new StateProofReport(client.chain(), proven.proof());
      output.print(
          report.blockText()
              + "\n"
              + report.valuesText()
              + "\nSaved the proof, checked, in "
              + target.file(),
          report.json().put("file", target.file().toString()));
      if (proven.nodes() < client.weakQuorum()) {
        output.note(
            "Only %d node could prove it, where %d would show that it is not an old state: look at the time."
                .formatted(proven.nodes(), client.weakQuorum()));
      }
      output.note("Verify it anywhere by: quorate proof verify --genesis FILE " + target.file());
      return ExitCode.OK.status();
    }
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Check a proof against a genesis file alone, without a network, and print what it proves.",
        "Exit code 3, with the reason, if it does not hold."
      })
  static final class Verify implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private GenesisOption genesis;

    @Parameters(
        paramLabel = "PROOF",
        description = "The file that `proof get` or `proof state` saved.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws CommandFailure, GenesisException, IOException {
      ChainSpec chain = genesis.read().chain();
      Proof proof = ProofFile.verified(chain, file);
      if (proof instanceof StateProof state) {
        StateProofReport report = new StateProofReport(chain, state);
        output.print(report.explanation(), report.json().put("valid", true));
      } else {
        ProofReport report = new ProofReport(chain, (TransactionProof) proof);
        output.print(report.explanation(), report.json().put("valid", true));
      }
      return ExitCode.OK.status();
    }
  }
}
