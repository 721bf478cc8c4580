package org.quorate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.quorate.ledger.file.WholeFile;
import picocli.CommandLine.Option;

/** The options that say where a command saves what it got: a mixin. */
final class FileOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write; one that is there is not overwritten without --force.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Option(names = "--force", description = "Overwrite FILE.")
  private boolean force;

  /** The file. */
  Path file() {
    return file;
  }

  /** Refuses a file that is there, before anything is asked for. */
  void check() throws CommandFailure {
    if (!force && Files.exists(file)) {
      throw exists();
    }
  }

  private CommandFailure exists() {
    return new CommandFailure(ExitCode.FAILED, file + " exists already; --force overwrites it");
  }

  /** Never leaves half a document under the file's name. */
  void write(byte[] document) throws CommandFailure, IOException {
    check();
    WholeFile.replace(file, document);
  }
}
