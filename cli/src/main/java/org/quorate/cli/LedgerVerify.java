package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.audit.AuditResult;
import org.quorate.ledger.audit.AuditResult.Execution;
import org.quorate.ledger.audit.Damage;
import org.quorate.ledger.audit.LedgerAudit;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.storage.AuditThreads;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quorate ledger verify}: the audit of a data folder. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Check everything in a ledger against the genesis file, and execute the chain again from its"
          + " first state; name the first thing that is not as it must be.",
      "Where transactions were dropped, execution begins with the lowest snapshot of the data folder"
          + " that makes up for them. Without one nothing is executed again: the state is then"
          + " compared with the root of the last result.",
      "It goes on where it stood if it was stopped or killed. What no check can see is blocks"
          + " missing at the end: compare the height with that of other nodes.",
      "Exit code 3 if something fails."
    })
final class LedgerVerify implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private LedgerOption ledger;

  @Option(
      names = "--work",
      paramLabel = "FOLDER",
      description =
          "Where the chain is executed again: takes as much room as the state, and is removed when"
              + " all is well; else DIR.audit beside the data folder.")
  private @Nullable Path work;

  @Option(names = "--restart", description = "Begin anew, whatever an earlier audit has done.")
  private boolean restart;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description =
          "Stop after about so many blocks, with exit code 1; the next run goes on there.")
  private long blocksMax = Long.MAX_VALUE;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads check signatures; else one for each processor.")
  private int threads = Runtime.getRuntime().availableProcessors();

  private static final int THREADS_MAX = 1_000;

  @Override
  public Integer call() throws CommandFailure, GenesisException, IOException {
    if (threads < 1 || threads > THREADS_MAX || blocksMax < 1) {
      throw new CommandFailure(
          ExitCode.USAGE, "--threads is 1 to " + THREADS_MAX + ", --blocks is 1 or more");
    }
    try (LedgerFolder opened = ledger.open()) {
      Path path = work;
      AuditFolder scratch =
          path == null ? AuditFolder.of(opened.data()) : new AuditFolder(path.toAbsolutePath());
      AuditProgress progress =
          new AuditProgress(
              spec.commandLine().getErr(), ProgressLine.onTerminal(), System::nanoTime, blocksMax);
      AuditResult result = audit(opened, scratch, progress);
      progress.close();
      return report(opened, scratch, progress, result);
    }
  }

  private AuditResult audit(LedgerFolder opened, AuditFolder scratch, AuditProgress progress)
      throws CommandFailure, IOException {
    try (KeyValueStore store = scratch.open(restart);
        AuditThreads workers = new AuditThreads(threads)) {
      return new LedgerAudit(opened.store(), opened.chain(), store, workers, progress)
          .withSnapshots(SnapshotFolder.view(opened.folder().snapshots()))
          .run();
    } catch (StorageException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the audit cannot go on: %s; with --restart it begins anew".formatted(e.getMessage()),
          e);
    }
  }

  private int report(
      LedgerFolder opened, AuditFolder scratch, AuditProgress progress, AuditResult result)
      throws CommandFailure, IOException {
    if (result instanceof AuditResult.Stopped stopped) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "stopped after block %d, and all is well so far; the same command goes on there"
              .formatted(stopped.height()));
    }
    if (result instanceof AuditResult.Damaged damaged) {
      if (output.json()) {
        output.print("", json(damaged.damage()));
      }
      throw new CommandFailure(
          ExitCode.PROOF_INVALID,
          "the ledger in %s is not sound: %s"
              .formatted(opened.data(), damaged.damage().sentence()));
    }
    if (result instanceof AuditResult.Restoring restoring) {
      scratch.remove();
      throw opened.restoring(
          "a snapshot of height %d is on its way into it, and %d of its %d chunks have come"
              .formatted(restoring.height(), restoring.there(), restoring.chunks()));
    }
    AuditResult.Sound sound = (AuditResult.Sound) result;
    scratch.remove();
    output.print(text(opened, sound), json(opened, sound));
    sound
        .repairable()
        .ifPresent(
            what ->
                output.note(
                    "The index of the state does not fit it, which the node repairs when it"
                        + " starts: "
                        + what));
    output.note(
        String.format(
            Locale.ROOT,
            "%d blocks in %.1f s: %.0f blocks/s",
            progress.blocks(),
            progress.seconds(),
            progress.blocks() / progress.seconds()));
    return ExitCode.OK.status();
  }

  private static String text(LedgerFolder opened, AuditResult.Sound sound) {
    return String.join(
        "\n",
        title(sound.execution()),
        "chain         %s (chain hash %s)"
            .formatted(opened.chain().chainId(), opened.chain().chainHash()),
        "height        " + sound.tip().height(),
        "block         " + sound.tip().hash(),
        "state root    " + sound.stateRoot(),
        "kept          " + LedgerInspect.kept(sound.kept()),
        "blocks        " + executed(sound.execution()),
        "transactions  " + sound.transactions(),
        "state entries " + sound.stateEntries(),
        "results       %d proven, stable up to %d".formatted(sound.certificates(), sound.stable()));
  }

  private static String title(Execution execution) {
    return execution instanceof Execution.None none
        ? none.proven()
            ? "All that is kept is sound, against the genesis file alone; but blocks cannot be executed"
                + " again here."
            : "All that is kept is sound, but the last result is this node's word, and blocks cannot be"
                + " executed again here."
        : "All is sound, against the genesis file alone.";
  }

  private static String executed(Execution execution) {
    if (execution instanceof Execution.FromSnapshot from) {
      return "re-executed from the snapshot at height " + from.height();
    }
    return execution instanceof Execution.None none
        ? "not re-executed: no snapshot to begin with. The state has the root of the last result,"
            + (none.proven() ? " which f+1 have signed" : " which f+1 have not signed here")
        : "re-executed from the genesis";
  }

  private static ObjectNode json(LedgerFolder opened, AuditResult.Sound sound) {
    Execution execution = sound.execution();
    Long from =
        execution instanceof Execution.FromSnapshot snapshot
            ? Long.valueOf(snapshot.height())
            : execution instanceof Execution.None ? null : Long.valueOf(0);
    return JsonNodeFactory.instance
        .objectNode()
        .put("sound", true)
        .put("chain_hash", opened.chain().chainHash().hex())
        .put("height", sound.tip().height())
        .put("block_hash", sound.tip().hash().hex())
        .put("state_root", sound.stateRoot().hex())
        .put("headers_from", sound.kept().headersFrom())
        .put("transactions_from", sound.kept().transactionsFrom())
        .put("re_executed_from", from)
        .put("transactions", sound.transactions())
        .put("state_entries", sound.stateEntries())
        .put("checkpoint_certificates", sound.certificates())
        .put("stable_height", sound.stable())
        .put(
            "state_root_proven",
            execution instanceof Execution.None none ? Boolean.valueOf(none.proven()) : null)
        .put("repairable", sound.repairable().orElse(null));
  }

  private static ObjectNode json(Damage damage) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("sound", false);
    damage.height().ifPresent(height -> json.put("height", height));
    return json.put("key", damage.key().orElse(null)).put("detail", damage.detail());
  }
}
