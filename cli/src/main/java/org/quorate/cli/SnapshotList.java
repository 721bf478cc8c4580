package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quorate snapshot list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Print the snapshots of a node that does not run, and whether each proves itself.",
      "Those of a node that runs: GET /api/v1/snapshots."
    })
final class SnapshotList implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private LedgerOption ledger;

  @Override
  public Integer call() throws CommandFailure, GenesisException, IOException {
    List<String> lines = new ArrayList<>();
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    ExitCode code = ExitCode.OK;
    try (LedgerFolder node = ledger.open()) {
      SnapshotFolder snapshots = SnapshotFolder.open(node.folder().snapshots());
      for (long height : snapshots.heights()) {
        Optional<String> fault = Optional.empty();
        try {
          Manifest manifest = snapshots.manifest(height).orElseThrow();
          if (manifest.check(node.chain(), SignatureVerifier.ED25519)
              instanceof Verdict.Invalid invalid) {
            fault = Optional.of(invalid.detail());
          } else {
            SnapshotReport report = new SnapshotReport(manifest);
            long bytes = snapshots.bytes(height);
            lines.add(report.text() + ", " + SnapshotReport.bytes(bytes));
            list.add(report.json().put("bytes", bytes));
          }
        } catch (MalformedException e) {
          fault = Optional.of(String.valueOf(e.getMessage()));
        }
        if (fault.isPresent()) {
          code = ExitCode.PROOF_INVALID;
          lines.add("height " + height + " is damaged: " + fault.get());
          list.add(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("height", height)
                  .put("damaged", fault.get()));
        }
      }
    }
    output.print(
        lines.isEmpty() ? "no snapshots" : String.join("\n", lines),
        JsonNodeFactory.instance.objectNode().set("snapshots", list));
    return code.status();
  }
}
