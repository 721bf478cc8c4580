package org.quorate.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.StorageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quorate snapshot create}. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Take a snapshot of the state of a node that does not run, as it is after its last block.",
      "That block's result must be signed by f+1 validators, as it is a moment after it was executed."
    })
final class SnapshotCreate implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private LedgerOption ledger;

  @Override
  public Integer call() throws CommandFailure, GenesisException, IOException {
    try (LedgerFolder node = ledger.open()) {
      long height = node.height();
      Optional<CommittedHeader> header = node.reads().header(height);
      Optional<CheckpointCertificate> certificate = node.reads().certificate(height);
      if (header.isEmpty() || certificate.isEmpty()) {
        throw new CommandFailure(
            ExitCode.FAILED,
            height == 0
                ? "the node has no block yet: every node has the state before the first"
                : ("the result of the last block, %d, is not signed by f+1 validators here: start the"
                        + " node, and stop it a moment later")
                    .formatted(height));
      }
      SnapshotFolder snapshots = SnapshotFolder.open(node.folder().snapshots());
      Manifest manifest =
          snapshots.create(node.store(), node.chain().chainHash(), header.get(), certificate.get());
      SnapshotReport report = new SnapshotReport(manifest);
      long bytes = snapshots.bytes(height);
      output.print(
          "Took a snapshot: " + report.text() + ", " + SnapshotReport.bytes(bytes),
          report.json().put("bytes", bytes));
      return ExitCode.OK.status();
    } catch (StorageException e) {
      throw LedgerFolder.unreadable(e);
    }
  }
}
