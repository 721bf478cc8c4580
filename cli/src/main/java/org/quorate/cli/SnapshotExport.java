package org.quorate.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.snapshot.SnapshotFile;
import org.quorate.ledger.snapshot.SnapshotFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate snapshot export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = "Write a snapshot of a node that does not run as one file, to carry it by hand.")
final class SnapshotExport implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private LedgerOption ledger;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private FileOption target;

  @Option(names = "--height", paramLabel = "H", description = "Which one; else the newest.")
  private @Nullable Long height;

  @Override
  public Integer call() throws CommandFailure, GenesisException, IOException {
    target.check();
    try (LedgerFolder node = ledger.open()) {
      SnapshotFolder snapshots = SnapshotFolder.open(node.folder().snapshots());
      List<Long> heights = snapshots.heights();
      if (heights.isEmpty() || (height != null && !heights.contains(height))) {
        throw new CommandFailure(
            ExitCode.FAILED,
            heights.isEmpty()
                ? "the node has no snapshot; `quorate snapshot create` takes one"
                : "the node has no snapshot at height %d, but at %s".formatted(height, heights));
      }
      long chosen = height == null ? heights.get(heights.size() - 1) : height;
      Path half = target.file().resolveSibling(target.file().getFileName() + ".new");
      try {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(half))) {
          SnapshotFile.write(snapshots, chosen, out);
        }
        Files.move(
            half,
            target.file(),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(half);
      }
      SnapshotReport report = new SnapshotReport(snapshots.manifest(chosen).orElseThrow());
      output.print(
          "Wrote the snapshot to " + target.file() + ": " + report.text(),
          report.json().put("file", target.file().toString()));
      return ExitCode.OK.status();
    } catch (MalformedException e) {
      throw new CommandFailure(
          ExitCode.PROOF_INVALID, "the snapshot is damaged: " + e.getMessage(), e);
    }
  }
}
