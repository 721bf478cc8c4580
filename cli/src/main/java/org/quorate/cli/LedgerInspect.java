package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.audit.TableContents;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.state.WorldState;
import org.quorate.ledger.store.StorageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate ledger inspect}: what a ledger holds. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Print what a ledger holds: its last blocks, and how much of each kind of entries (reads all"
          + " of it). With --height one block, with --key the value of a key after the last.",
      "Nothing is checked: that is `ledger verify`."
    })
final class LedgerInspect implements Callable<Integer> {
  private static final int LAST_BLOCKS = 5;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private LedgerOption ledger;

  @Option(
      names = "--height",
      paramLabel = "HEIGHT",
      description = "Print the block of this height.")
  private long height = -1;

  @Option(names = "--key", paramLabel = "KEY", description = "Print the value of this key.")
  private @Nullable String key;

  @Option(names = "--hex", description = "KEY is hex, and so is the value that is printed.")
  private boolean hex;

  @Override
  public Integer call() throws CommandFailure, GenesisException, IOException {
    String wanted = key;
    ByteString bytes = wanted == null ? ByteString.EMPTY : StateCommand.key(wanted, hex);
    try (LedgerFolder opened = ledger.open()) {
      if (wanted != null) {
        return value(opened, bytes);
      }
      return height >= 0 ? block(opened) : all(opened);
    } catch (StorageException e) {
      throw LedgerFolder.unreadable(e);
    }
  }

  private int value(LedgerFolder opened, ByteString bytes) throws CommandFailure {
    Optional<ByteString> value = WorldState.value(opened.store(), bytes);
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("height", opened.height())
            .put("key", BytesText.text(bytes).orElse(null))
            .put("key_hex", bytes.hex())
            .put("value", value.flatMap(BytesText::text).orElse(null))
            .put("value_hex", value.map(ByteString::hex).orElse(null));
    if (value.isEmpty()) {
      if (output.json()) {
        output.print("", json);
      }
      output.note("The key " + BytesText.of(bytes) + " is absent.");
      return ExitCode.FAILED.status();
    }
    String text = hex ? value.get().hex() : BytesText.text(value.get()).orElse("");
    if (!hex && !output.json() && BytesText.text(value.get()).isEmpty()) {
      throw new CommandFailure(ExitCode.FAILED, "the value is no text; print it with --hex");
    }
    output.print(text, json);
    return ExitCode.OK.status();
  }

  private int block(LedgerFolder opened) throws CommandFailure {
    if (height > opened.height()) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the ledger has no block %d, its last is %d".formatted(height, opened.height()));
    }
    long first = opened.reads().kept().headersFrom();
    if (first > 1 && height < first) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the ledger has no block %d: it began with a snapshot of block %d"
              .formatted(height, first));
    }
    StoredBlock block = StoredBlock.read(opened.chain(), opened.reads(), height);
    output.print(block.text(), block.json());
    return ExitCode.OK.status();
  }

  private int all(LedgerFolder opened) throws CommandFailure, IOException {
    ChainStore reads = opened.reads();
    long tip = opened.height();
    List<TableContents> tables = TableContents.of(opened.store());
    long diskBytes = diskBytes(opened.folder().ledger());
    List<String> lines = new ArrayList<>();
    lines.add(
        "chain        %s (chain hash %s)"
            .formatted(opened.chain().chainId(), opened.chain().chainHash()));
    lines.add("height       " + tip);
    KeptRecord kept = reads.kept();
    lines.add("kept         " + kept(kept));
    lines.add("stable       " + reads.stableHeight().map(String::valueOf).orElse("nothing yet"));
    lines.add("on disk      %d bytes".formatted(diskBytes));
    lines.add("");
    lines.add("%-13s %12s %16s  %s".formatted("entries", "count", "bytes", "heights"));
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("chain_hash", opened.chain().chainHash().hex())
            .put("height", tip)
            .put("headers_from", kept.headersFrom())
            .put("transactions_from", kept.transactionsFrom())
            .put("stable_height", reads.stableHeight().orElse(null))
            .put("disk_bytes", diskBytes);
    ArrayNode array = json.putArray("tables");
    for (TableContents table : tables) {
      lines.add(line(table));
      array.add(json(table));
    }
    lines.add("");
    ArrayNode blocks = json.putArray("last_blocks");
    for (long at = Math.max(kept.headersFrom(), tip - LAST_BLOCKS + 1); at <= tip; at++) {
      CommittedHeader committed = ChainStore.present(reads.header(at), "header " + at);
      lines.add(line(opened, committed.header()));
      blocks
          .addObject()
          .put("height", at)
          .put("block_hash", committed.header().hash(opened.chain().chainHash()).hex())
          .put("timestamp_millis", committed.header().timestampMillis())
          .put("transactions", committed.header().transactionCount());
    }
    output.print(String.join("\n", lines).stripTrailing(), json);
    return ExitCode.OK.status();
  }

  /** From which heights on there is what, for people. */
  static String kept(KeptRecord kept) {
    return "headers from height %d, transactions from height %d"
        .formatted(kept.headersFrom(), kept.transactionsFrom());
  }

  private static String line(LedgerFolder opened, BlockHeader header) {
    return "block %d %s  %s  transactions %d"
        .formatted(
            header.height(),
            header.hash(opened.chain().chainHash()),
            Instant.ofEpochMilli(header.timestampMillis()),
            header.transactionCount());
  }

  private static String name(TableContents table) {
    return table.table().name().toLowerCase(Locale.ROOT);
  }

  private static String line(TableContents table) {
    String heights =
        table.first().map(first -> first + " to " + table.last().orElse(first)).orElse("");
    return "%-13s %12d %16d  %s"
        .formatted(name(table), table.entries(), table.bytes(), heights)
        .stripTrailing();
  }

  private static ObjectNode json(TableContents table) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", name(table))
            .put("entries", table.entries())
            .put("bytes", table.bytes());
    table.first().ifPresent(first -> json.put("first_height", first));
    table.last().ifPresent(last -> json.put("last_height", last));
    return json;
  }

  private static long diskBytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
