package org.quorate.cli;

import picocli.CommandLine.Command;

/** {@code quorate ledger}: the ledger of a node that does not run. */
@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Verify, see, export, compare and repair the ledgers of nodes that do not run.",
      "DIR is a node's folder, with node.json, or its data folder."
    },
    subcommands = {
      LedgerVerify.class,
      LedgerInspect.class,
      LedgerExportCommand.class,
      LedgerDiff.class,
      LedgerRepairCommand.class
    })
final class LedgerCommand {
  private LedgerCommand() {}
}
