package org.quorate.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.KeyFileException;
import org.quorate.ledger.crypto.SigningKey;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say which client signs: a mixin. */
public final class KeyOption {
  @ArgGroup private @Nullable Who who;

  private static final class Who {
    @Option(
        names = "--key",
        paramLabel = "FILE",
        description = {
          "The client's key file. The nonces it has used are counted beside it, in FILE.nonce."
        })
    private @Nullable Path key;

    @Option(
        names = "--client",
        paramLabel = "NAME",
        description = "The client whose key is DIR/clients/NAME.pem; goes with --network DIR.")
    private @Nullable String name;
  }

  /** The key file. */
  Path file(NetworkOption network) throws CommandFailure {
    if (who == null) {
      throw new CommandFailure(
          ExitCode.USAGE, "say who signs: --key FILE, or --network DIR --client NAME");
    }
    if (who.key != null) {
      return who.key;
    }
    String name = String.valueOf(who.name);
    return network
        .folder()
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "--client names a key of --network DIR; with --genesis, name the key's file:"
                        + " --key FILE"))
        .clientKey(name);
  }

  /** The key. */
  SigningKey key(NetworkOption network) throws CommandFailure, KeyFileException {
    return KeyFile.read(file(network));
  }
}
