package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.membership.Quorum;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code quorate genesis}: what all members of a chain agree on before it begins. */
@Command(
    name = "genesis",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Check a genesis file and print the chain's hash.",
    subcommands = {GenesisCommand.Validate.class, GenesisCommand.Hash.class})
final class GenesisCommand {
  private GenesisCommand() {}

  @Command(
      name = "validate",
      mixinStandardHelpOptions = true,
      description = {
        "Check a genesis file and print what it says in short.",
        "A complaint names the field and what belongs there; the exit code is then 4."
      })
  static final class Validate implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Parameters(paramLabel = "FILE", description = "The genesis file.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws GenesisException {
      ChainSpec chain = GenesisDocument.read(file).chain();
      Quorum quorum = chain.validators().quorum();
      Instant time = Instant.ofEpochMilli(chain.genesisTimeMillis());
      ObjectNode json =
          JsonNodeFactory.instance
              .objectNode()
              .put("valid", true)
              .put("chain_id", chain.chainId())
              .put("chain_hash", chain.chainHash().hex())
              .put("genesis_time", time.toString())
              .put("n", quorum.n())
              .put("f", quorum.f())
              .put("quorum", quorum.quorum())
              .put("clients", chain.clients().clients().size())
              .put("app_state_entries", chain.appState().size());
      output.print(
          String.join(
              "\n",
              file + " is valid",
              "chain id    " + chain.chainId(),
              "chain hash  " + chain.chainHash(),
              "begins      " + time,
              "validators  %d, of which %d may be faulty; quorum %d"
                  .formatted(quorum.n(), quorum.f(), quorum.quorum()),
              "clients     " + chain.clients().clients().size(),
              "app state   " + chain.appState().size() + " entries"),
          json);
      return ExitCode.OK.status();
    }
  }

  @Command(
      name = "hash",
      mixinStandardHelpOptions = true,
      description = {
        "Print the chain hash, which all members compare before they start.",
        "It covers everything in the file but the addresses, and no layout."
      })
  static final class Hash implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Parameters(paramLabel = "FILE", description = "The genesis file.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws GenesisException {
      ChainSpec chain = GenesisDocument.read(file).chain();
      output.print(
          chain.chainHash().hex(),
          JsonNodeFactory.instance
              .objectNode()
              .put("chain_id", chain.chainId())
              .put("chain_hash", chain.chainHash().hex()));
      return ExitCode.OK.status();
    }
  }
}
