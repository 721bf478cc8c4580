package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.salvage.LostBlock;
import org.quorate.ledger.salvage.SalvageObserver;
import org.quorate.ledger.salvage.SalvageResult;
import org.quorate.ledger.salvage.SalvageResult.Diverged;
import org.quorate.ledger.salvage.SalvageResult.NoStart;
import org.quorate.ledger.salvage.SalvageResult.Saved;
import org.quorate.ledger.salvage.SalvageStage;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;
import org.quorate.node.NodeConfig;
import org.quorate.node.NodeStartException;
import org.quorate.node.storage.DataFolder;
import org.quorate.node.storage.DataFolderException;
import org.quorate.node.storage.LedgerRepair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quorate ledger repair}. */
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = {
      "Make a sound ledger of what can still be read of a damaged one. The node must not run; when it"
          + " is started it goes on, and fetches from its peers what is still missing.",
      "It begins with the node's own newest snapshot that is sound, or with the first state; takes over"
          + " the blocks below as far as they prove themselves; and executes those above again, up to"
          + " the first that cannot be read.",
      "The damaged ledger stays as it is until the new one is whole and takes its place: that needs as"
          + " much room again. Broken off, it begins anew. What the node has signed stays as it is.",
      "Exit code 3 if a block gives another result than was proven; then nothing is replaced."
    })
final class LedgerRepairCommand implements Callable<Integer> {
  private static final String GIVE_UP =
      "`quorate snapshot restore --replace` gives the ledger up for a snapshot of another node";

  /** Tables as people know them. */
  private static String name(Table table) {
    return switch (table) {
      case HEADER -> "header with commit certificate";
      case TRANSACTIONS -> "transactions";
      case RECEIPTS -> "receipts";
      case CHECKPOINT -> "result";
      case CERTIFICATE -> "certificate of the result";
      case TRANSACTION -> "records of transactions";
      default -> table.name().toLowerCase(Locale.ROOT);
    };
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "The node's folder, with node.json.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path dir;

  @Override
  public Integer call() throws CommandFailure, IOException {
    NodeConfig config = config();
    ChainSpec chain = config.genesis().chain();
    try (DataFolder folder = DataFolder.open(config.dataDir(), chain, config.key().publicKey());
        LedgerRepair repair = new LedgerRepair(folder, chain)) {
      refuseDiverged(config, folder);
      SalvageResult result = salvage(repair);
      if (!(result instanceof Saved saved)) {
        throw failure(result);
      }
      output.note("Opening the new ledger");
      repair.check(saved);
      repair.replace();
      output.print(text(saved), json(saved));
      output.note(
          "The files of the damaged ledger are in %s, for you to remove."
              .formatted(folder.ledgers().setAside()));
      output.note("Start the node: quorate node start --dir " + dir);
      return ExitCode.OK.status();
    } catch (DataFolderException e) {
      throw new CommandFailure(ExitCode.MISMATCH, String.valueOf(e.getMessage()), e);
    } catch (LedgerException e) {
      throw new CommandFailure(
          ExitCode.PROOF_INVALID,
          "the ledger cannot be repaired: %s. It is left as it was; %s"
              .formatted(e.getMessage(), GIVE_UP),
          e);
    } catch (StorageException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          ("the new ledger cannot be written: %s. The old one is left as it was; begin again when that"
                  + " is mended")
              .formatted(e.getMessage()),
          e);
    }
  }

  private NodeConfig config() throws CommandFailure {
    try {
      return NodeConfig.read(dir);
    } catch (NodeStartException e) {
      throw new CommandFailure(ExitCode.MISMATCH, String.valueOf(e.getMessage()), e);
    }
  }

  private static void refuseDiverged(NodeConfig config, DataFolder folder) throws CommandFailure {
    if (folder.ledgers().isDiverged()) {
      throw new CommandFailure(
          ExitCode.MISMATCH,
          ("the ledger is not damaged but diverged: it has another result of a block than the other"
                  + " validators have signed; %s says where. What led to it would be executed again."
                  + " To look into it: `quorate ledger verify`, and `quorate ledger diff` with another"
                  + " node's. To go on: %s")
              .formatted(config.dataDir().resolve("DIVERGED"), GIVE_UP));
    }
  }

  private SalvageResult salvage(LedgerRepair repair) throws LedgerException, IOException {
    Progress progress = new Progress(spec.commandLine().getErr());
    try {
      return repair.salvage(progress);
    } finally {
      progress.line.close();
    }
  }

  private static CommandFailure failure(SalvageResult result) {
    if (result instanceof NoStart none) {
      return new CommandFailure(
          ExitCode.FAILED,
          "the ledger cannot be repaired: %s. It is left as it was; %s"
              .formatted(none.reason(), GIVE_UP));
    }
    Diverged diverged = (Diverged) result;
    return new CommandFailure(
        ExitCode.PROOF_INVALID,
        ("the ledger has diverged: %s is the result of block %d here, but %s %s. It is left as it was,"
                + " and must not be repaired; %s")
            .formatted(
                diverged.own(),
                diverged.own().height(),
                diverged.other(),
                diverged.proven() ? "is what f+1 have signed" : "is what the node had before",
                GIVE_UP));
  }

  // What is said of it.

  private static String text(Saved saved) {
    Checkpoint tip = saved.tip();
    List<String> lines = new ArrayList<>();
    lines.add(
        saved.whole()
            ? "The ledger is whole again: nothing of its blocks was missing."
            : "The ledger is sound again; the node fetches from its peers what is missing.");
    lines.add("height      %d, block %s".formatted(tip.height(), tip.block().hash()));
    lines.add("state root  " + tip.stateRoot());
    lines.add("executed    " + executed(saved));
    lines.add(
        "kept        %s%s"
            .formatted(
                LedgerInspect.kept(saved.kept()),
                saved.keptIsKnown() ? "" : ": concluded from what can be read"));
    saved.end().ifPresent(end -> lines.add("ends here   " + end + ended(saved)));
    saved.lost().forEach((table, count) -> lines.add("missing     " + count + ", " + name(table)));
    addLost(lines, saved.lostBlocks());
    return String.join("\n", lines);
  }

  /** A line for blocks in a row that lack the same. */
  private static void addLost(List<String> lines, List<LostBlock> blocks) {
    int from = 0;
    for (int i = 1; i <= blocks.size(); i++) {
      LostBlock last = blocks.get(i - 1);
      boolean goesOn =
          i < blocks.size()
              && blocks.get(i).height() == last.height() - 1
              && blocks.get(i).tables().equals(last.tables());
      if (!goesOn) {
        long highest = blocks.get(from).height();
        lines.add(
            "%s: %s"
                .formatted(
                    highest == last.height()
                        ? "block " + highest
                        : "blocks %d to %d".formatted(last.height(), highest),
                    last.tables().stream()
                        .map(LedgerRepairCommand::name)
                        .collect(Collectors.joining(", "))));
        from = i;
      }
    }
    if (blocks.size() == Saved.LOST_BLOCKS_MAX) {
      lines.add("and perhaps of more blocks");
    }
  }

  private static String executed(Saved saved) {
    return saved.tip().height() == saved.startHeight()
        ? "none; it begins with the snapshot at height " + saved.startHeight()
        : "blocks %d to %d, from %s"
            .formatted(
                saved.startHeight() + 1,
                saved.tip().height(),
                saved.startHeight() == 0
                    ? "the genesis"
                    : "the snapshot at height " + saved.startHeight());
  }

  private static String ended(Saved saved) {
    return saved
        .oldHeight()
        .filter(old -> old > saved.tip().height())
        .map(old -> "; the old ledger went on to block %d".formatted(old))
        .orElse("");
  }

  private static ObjectNode json(Saved saved) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("whole", saved.whole())
            .put("height", saved.tip().height())
            .put("block_hash", saved.tip().block().hash().hex())
            .put("state_root", saved.tip().stateRoot().hex())
            .put("re_executed_from", saved.startHeight())
            .put("old_height", saved.oldHeight().orElse(null))
            .put("headers_from", saved.kept().headersFrom())
            .put("transactions_from", saved.kept().transactionsFrom())
            .put("kept_is_known", saved.keptIsKnown())
            .put("end", saved.end().orElse(null));
    ObjectNode lost = json.putObject("missing");
    saved.lost().forEach((table, count) -> lost.put(field(table), count));
    ArrayNode blocks = json.putArray("blocks");
    for (LostBlock block : saved.lostBlocks()) {
      ArrayNode tables = blocks.addObject().put("height", block.height()).putArray("missing");
      block.tables().forEach(table -> tables.add(field(table)));
    }
    return json;
  }

  private static String field(Table table) {
    return table.name().toLowerCase(Locale.ROOT);
  }

  private static final class Progress implements SalvageObserver {
    private final PrintWriter err;
    private final ProgressLine line;

    Progress(PrintWriter err) {
      this.err = err;
      this.line = new ProgressLine(err, ProgressLine.onTerminal(), System::nanoTime);
    }

    @Override
    public void refuses(long snapshotHeight, String reason) {
      err.println("the snapshot of height %d is of no use: %s".formatted(snapshotHeight, reason));
      err.flush();
    }

    @Override
    public void begins(long height) {
      err.println(
          height == 0
              ? "beginning with the state of the genesis"
              : "beginning with the snapshot of height " + height);
      err.flush();
    }

    @Override
    public void progress(SalvageStage stage, long done, long total) {
      if (line.isDue()) {
        line.tell("%s %d of %d, %d %%".formatted(name(stage), done, total, 100 * done / total));
      }
    }

    private static String name(SalvageStage stage) {
      return switch (stage) {
        case SNAPSHOT -> "chunk of the snapshot";
        case HISTORY -> "block below it";
        case BLOCKS -> "block executed";
      };
    }
  }
}
