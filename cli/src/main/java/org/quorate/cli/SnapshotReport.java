package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.quorate.ledger.snapshot.Manifest;

/** What is said of a snapshot. */
record SnapshotReport(Manifest manifest) {
  String text() {
    return String.format(
        Locale.ROOT,
        "height %d, block %s, state root %s, %d chunks",
        manifest.height(),
        manifest.certificate().checkpoint().block().hash().hex().substring(0, 16),
        manifest.stateRoot().hex().substring(0, 16),
        manifest.chunks().size());
  }

  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("height", manifest.height())
        .put("block_hash", manifest.certificate().checkpoint().block().hash().hex())
        .put("state_root", manifest.stateRoot().hex())
        .put("chunks", manifest.chunks().size());
  }

  /** A number of bytes for people. */
  static String bytes(long bytes) {
    return bytes < 10 << 20
        ? String.format(Locale.ROOT, "%d KiB", (bytes + 1023) >> 10)
        : String.format(Locale.ROOT, "%d MiB", (bytes + (1 << 19)) >> 20);
  }
}
