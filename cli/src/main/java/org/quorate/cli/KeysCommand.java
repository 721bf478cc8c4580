package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.KeyFileException;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.crypto.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code quorate keys}: the key files of validators and clients. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Make and show the key files of validators and clients.",
    subcommands = {KeysCommand.New.class, KeysCommand.Show.class})
final class KeysCommand {
  private KeysCommand() {}

  @Command(
      name = "new",
      mixinStandardHelpOptions = true,
      description = {
        "Make a new Ed25519 key in FILE and print its public key.",
        "The file is PKCS#8 PEM with mode 0600. A file that exists is never overwritten."
      })
  static final class New implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Parameters(paramLabel = "FILE", description = "The key file to make, such as alice.pem.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws CommandFailure {
      SigningKey key = SigningKey.generate();
      try {
        KeyFile.write(file, key);
      } catch (KeyFileException e) {
        throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
      }
      output.note("Wrote the private key " + file + "; keep it secret and keep a copy.");
      print(output, file, key.publicKey());
      return ExitCode.OK.status();
    }
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Print the public key of a key file, as a genesis file has it.")
  static final class Show implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Parameters(paramLabel = "FILE", description = "The key file.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws KeyFileException {
      print(output, file, KeyFile.read(file).publicKey());
      return ExitCode.OK.status();
    }
  }

  private static void print(OutputOption output, Path file, PublicKey key) {
    output.print(
        key.hex(),
        JsonNodeFactory.instance
            .objectNode()
            .put("file", file.toString())
            .put("public_key", key.hex()));
  }
}
