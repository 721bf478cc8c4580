package org.quorate.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;

/**
 * Runs a few harmless commands and drops what they print. The launcher has Java record which
 * classes they load and keep those ready for later starts (AppCDS, JEP 350).
 *
 * <p>The one argument is a genesis file.
 */
final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] args) {
    for (List<String> command :
        List.of(
            List.of("genesis", "validate", args[0]),
            List.of("genesis", "hash", args[0], "--format", "json"),
            List.of("--help"))) {
      PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
      QuorateCommand.run(nowhere, nowhere, command.toArray(String[]::new));
    }
  }
}
