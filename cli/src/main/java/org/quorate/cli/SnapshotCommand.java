package org.quorate.cli;

import picocli.CommandLine.Command;

/** {@code quorate snapshot}: copies of the state from which nodes begin. */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "List, take, export and restore snapshots of the state.",
      "A running node takes them itself: snapshot_interval_blocks in its node.json."
    },
    subcommands = {
      SnapshotList.class,
      SnapshotCreate.class,
      SnapshotExport.class,
      SnapshotRestoreCommand.class
    })
final class SnapshotCommand {
  private SnapshotCommand() {}
}
