package org.quorate.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.quorate.genesis.GenesisException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which ledger: a mixin. */
final class LedgerOption {
  @Parameters(
      paramLabel = "DIR",
      description = "The node's folder, with node.json, or its data folder. The node must not run.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path dir;

  @Option(
      names = "--genesis",
      paramLabel = "FILE",
      description =
          "The genesis file of the chain, from a source you trust; else the one that node.json"
              + " names.")
  private @Nullable Path genesis;

  /** Takes the ledger. */
  LedgerFolder open() throws CommandFailure, GenesisException {
    return LedgerFolder.open(dir, genesis);
  }
}
