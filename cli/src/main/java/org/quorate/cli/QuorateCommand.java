package org.quorate.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program: {@code quorate COMMAND …}. Each subcommand is a class of its own; this one only
 * lists them.
 */
@Command(
    name = "quorate",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "A permissioned blockchain: orders signed transactions with PBFT.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:wrong command line",
      "3:a proof or a ledger does not hold, a chain forked, or a simulated chain broke a rule",
      "4:genesis, key, data or settings damaged or not belonging together",
      "5:no node answered"
    },
    subcommands = {
      KeysCommand.class,
      GenesisCommand.class,
      NetworkCommand.class,
      NodeCommand.class,
      TxCommand.class,
      StateCommand.class,
      ProofCommand.class,
      LightCommand.class,
      EvidenceCommand.class,
      BlockCommand.class,
      LedgerCommand.class,
      SnapshotCommand.class,
      StatusCommand.class,
      BenchCommand.class,
      QuickstartCommand.class,
      SimulateCommand.class,
    })
public final class QuorateCommand {
  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    // Not System.out: it would drop what its encoding cannot say, and swallow a full disk.
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    System.exit(run(out, err, args));
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }

  /**
   * Runs a command.
   *
   * @param out takes data
   * @param err takes diagnostics
   * @return the exit code, 0 to 5
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    int status =
        new CommandLine(new QuorateCommand())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setAbbreviatedOptionsAllowed(false)
            .setParameterExceptionHandler(Failures::usage)
            .setExecutionExceptionHandler(Failures::execution)
            .execute(args);
    err.flush();
    if (out.checkError() && status == ExitCode.OK.status()) {
      err.println("quorate: cannot write to standard output");
      return ExitCode.FAILED.status();
    }
    return status;
  }
}
