package org.quorate.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a few harmless commands and drops what they print. The launcher has Java record which
 * classes they load and keep those ready for later starts (AppCDS, JEP 350).
 *
 * <p>The one argument is a genesis file.
 */
final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("quorate-rehearsal");
    try {
      for (List<String> command : commands(Path.of(args[0]), folder.resolve("network"))) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        QuorateCommand.run(nowhere, nowhere, command.toArray(String[]::new));
      }
    } finally {
      delete(folder);
    }
  }

  /**
   * What is run: the commands that end at once. The network is made and not started, on ports where
   * nobody listens, so those that ask it go as far as the refused connection.
   */
  static List<List<String>> commands(Path genesis, Path network) {
    String dir = network.toString();
    return List.of(
        List.of("--help"),
        List.of("genesis", "validate", genesis.toString()),
        List.of("genesis", "hash", genesis.toString(), "--format", "json"),
        List.of("network", "create", dir, "--base-port", "1"),
        List.of("keys", "show", network.resolve("clients").resolve("alice.pem").toString()),
        List.of("status", "--network", dir, "--timeout", "1"),
        List.of(
            "tx", "put", "--network", dir, "--client", "alice", "--timeout", "1", "alice/x", "1"));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
