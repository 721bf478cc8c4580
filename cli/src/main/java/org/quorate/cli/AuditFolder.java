package org.quorate.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.quorate.ledger.store.LevelDbStore;

/**
 * Where an audit executes the chain again, and how far it has come.
 *
 * <pre>
 * DIR/AUDIT     one line: only a folder with it is used, and removed
 * DIR/state/    the scratch store
 * </pre>
 */
record AuditFolder(Path path) {
  private static final String MARK = "AUDIT";
  private static final String LINE = "quorate-audit 1\n";
  private static final String STATE = "state";

  /** The one that belongs to a data folder: beside it, since nothing else may stand in it. */
  static AuditFolder of(Path dataFolder) {
    Path whole = dataFolder.toAbsolutePath().normalize();
    return new AuditFolder(whole.resolveSibling(whole.getFileName() + ".audit"));
  }

  /**
   * Opens the scratch store.
   *
   * @param anew whether to remove first what is there
   * @throws CommandFailure if the folder holds something else
   */
  LevelDbStore open(boolean anew) throws CommandFailure, IOException {
    Files.createDirectories(path);
    Path mark = path.resolve(MARK);
    if (!Files.exists(mark)) {
      try (Stream<Path> contents = Files.list(path)) {
        if (contents.findAny().isPresent()) {
          throw new CommandFailure(
              ExitCode.USAGE,
              path + " holds something else than an audit: name an empty or a new folder");
        }
      }
      Files.writeString(mark, LINE, StandardCharsets.US_ASCII);
    }
    if (anew) {
      removeState();
    }
    return LevelDbStore.open(path.resolve(STATE));
  }

  /** Removes the folder, after its store was closed. */
  void remove() throws IOException {
    removeState();
    Files.delete(path.resolve(MARK));
    Files.delete(path);
  }

  private void removeState() throws IOException {
    Path state = path.resolve(STATE);
    if (!Files.isDirectory(state)) {
      return;
    }
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(state);
  }
}
