package org.quorate.cli;

import java.nio.file.Path;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import picocli.CommandLine.Option;

/** The option {@code --genesis} of commands that trust nothing else: a mixin. */
final class GenesisOption {
  @Option(
      names = "--genesis",
      paramLabel = "FILE",
      required = true,
      description = "The genesis file of the chain, from a source you trust.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  /** What the file says. */
  GenesisDocument read() throws GenesisException {
    return GenesisDocument.read(file);
  }
}
