package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.audit.LedgerExport;
import org.quorate.ledger.store.StorageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate ledger export}: blocks, or the state, as lines of JSON. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write blocks with their certificates, or the whole state, to a file, one JSON object to a"
          + " line (FORMAT.md of the ledger has the fields).",
      "Nothing is checked: that is `ledger verify`, or whoever reads the file."
    })
final class LedgerExportCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private LedgerOption ledger;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private FileOption target;

  @Option(names = "--from", paramLabel = "HEIGHT", description = "The first block; else 1.")
  private long from = 1;

  @Option(names = "--to", paramLabel = "HEIGHT", description = "The last block; else the tip.")
  private long to = Long.MAX_VALUE;

  @Option(names = "--state", description = "Write the state after the last block instead.")
  private boolean state;

  @Override
  public Integer call() throws CommandFailure, GenesisException, IOException {
    target.check();
    try (LedgerFolder opened = ledger.open()) {
      long tip = opened.height();
      long last = to == Long.MAX_VALUE ? tip : to;
      if (!state && (from < 1 || last > tip || from > last)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "--from and --to are heights of blocks, 1 to %d, in this order".formatted(tip));
      }
      if (!state) {
        checkKept(opened.reads().kept().transactionsFrom(), tip);
      }
      LedgerExport export = new LedgerExport(opened.store(), opened.chain().chainHash(), tip);
      long lines = write(export, last);
      output.print(
          "Wrote %d lines to %s".formatted(lines, target.file()),
          JsonNodeFactory.instance
              .objectNode()
              .put("file", target.file().toString())
              .put("lines", lines));
      return ExitCode.OK.status();
    } catch (StorageException e) {
      throw LedgerFolder.unreadable(e);
    }
  }

  private void checkKept(long first, long tip) throws CommandFailure {
    if (from < first) {
      String there =
          first > tip
              ? "there are those of no block"
              : "there are those of the blocks %d to %d".formatted(first, tip);
      throw new CommandFailure(
          ExitCode.FAILED,
          "the ledger has no transactions of block %d any more, or never had: %s; --from and --to say"
                  .formatted(from, there)
              + " which to write");
    }
  }

  /** The file's name is that of a whole file only. */
  private long write(LedgerExport export, long last) throws IOException {
    Path whole = target.file().toAbsolutePath();
    Path half = whole.resolveSibling(whole.getFileName() + ".new");
    long[] lines = {0};
    boolean written = false;
    try (BufferedWriter out = Files.newBufferedWriter(half, StandardCharsets.US_ASCII)) {
      LedgerExport.Lines sink =
          line -> {
            out.write(line);
            out.write('\n');
            lines[0]++;
          };
      if (state) {
        export.state(sink);
      } else {
        export.blocks(from, last, sink);
      }
      written = true;
    } finally {
      if (!written) {
        Files.deleteIfExists(half);
      }
    }
    Files.move(half, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return lines[0];
  }
}
