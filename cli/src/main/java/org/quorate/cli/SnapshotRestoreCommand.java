package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.client.SnapshotFetch;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFile;
import org.quorate.ledger.snapshot.SnapshotRestore;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.NodeConfig;
import org.quorate.node.NodeStartException;
import org.quorate.node.storage.DataFolder;
import org.quorate.node.storage.DataFolderException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate snapshot restore}. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Begin the ledger of a node with a snapshot, instead of executing all blocks. The node must not"
          + " run; it goes on from the snapshot when it is started.",
      "Taken is the highest snapshot that a node of the genesis file has, from all nodes that have it."
          + " Nobody is trusted: it must be signed by f+1 validators. Broken off, it goes on where it"
          + " was when it is begun again.",
      "What the node has signed stays as it is. Of a new validator the data folder is made first:"
          + " quorate node init."
    })
final class SnapshotRestoreCommand implements Callable<Integer> {
  private static final long TOLD_NANOS = 2_000_000_000L;

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

  @Option(
      names = "--node",
      paramLabel = "URL",
      description =
          "Ask this node, such as http://127.0.0.1:9201, and not those that the genesis file names;"
              + " may be given several times.")
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Take the snapshot that `quorate snapshot export` wrote, and ask no node.")
  private @Nullable Path file;

  @Option(
      names = "--replace",
      description =
          "Give up the blocks that the node has: its ledger is removed once the snapshot is whole.")
  private boolean replace;

  private long toldNanos = System.nanoTime();

  @Override
  public Integer call() throws CommandFailure, IOException, InterruptedException {
    NodeConfig config = config();
    ChainSpec chain = config.genesis().chain();
    try (DataFolder folder = DataFolder.open(config.dataDir(), chain, config.key().publicKey())) {
      long present = height(folder, chain);
      if (present > 0 && !replace) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "the node has a ledger up to block "
                + present
                + ": start it, and it goes on from there; --replace gives that ledger up for a"
                + " snapshot");
      }
      restore(folder, chain, present);
      Checkpoint checkpoint = check(folder, chain);
      folder.ledgers().replace();
      output.print(
          "The ledger begins at block %d, state root %s"
              .formatted(checkpoint.height(), checkpoint.stateRoot()),
          JsonNodeFactory.instance
              .objectNode()
              .put("height", checkpoint.height())
              .put("block_hash", checkpoint.block().hash().hex())
              .put("state_root", checkpoint.stateRoot().hex()));
      output.note("Start the node: quorate node start --dir " + dir);
      return ExitCode.OK.status();
    } catch (DataFolderException e) {
      throw new CommandFailure(ExitCode.MISMATCH, String.valueOf(e.getMessage()), e);
    } catch (LedgerException | StorageException e) {
      throw new CommandFailure(
          ExitCode.PROOF_INVALID,
          "%s. Remove %s and begin anew"
              .formatted(e.getMessage(), config.dataDir().resolve("restoring")),
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

  /** The height of the ledger that is there; 0 if none is, or it cannot be read. */
  private static long height(DataFolder folder, ChainSpec chain) {
    if (!Files.isDirectory(folder.ledger())) {
      return 0;
    }
    LevelDbStore store = LevelDbStore.open(folder.ledger());
    try (Ledger ledger = Ledger.open(store, chain)) {
      return ledger.checkpoint().height();
    } catch (LedgerException e) {
      store.close();
      return 0; // damaged, or empty: nothing is lost with it
    }
  }

  private void restore(DataFolder folder, ChainSpec chain, long present)
      throws CommandFailure, LedgerException, IOException, InterruptedException {
    if (file != null) {
      fromFile(file, folder, chain, present);
      return;
    }
    SnapshotFetch fetch = new SnapshotFetch(chain, clients(), new Progress());
    if (goOn(folder, chain, fetch)) {
      return;
    }
    SnapshotFetch.Offer offer =
        fetch
            .newest()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.UNREACHABLE,
                        "no node has a snapshot that proves itself. Nodes take one after each"
                            + " snapshot_interval_blocks of their node.json"));
    checkAbove(offer.manifest(), present);
    output.note("Fetching the snapshot: " + new SnapshotReport(offer.manifest()).text());
    try (LevelDbStore store = LevelDbStore.open(folder.ledgers().restoring())) {
      SnapshotRestore restore = SnapshotRestore.begin(store, offer.manifest());
      fetch(fetch, restore, offer.holders(), chain);
    }
  }

  private static void checkAbove(Manifest manifest, long present) throws CommandFailure {
    if (manifest.height() <= present) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the node has a ledger up to block %d, the snapshot is of block %d: start the node"
              .formatted(present, manifest.height()));
    }
  }

  /** Goes on with what an earlier run began, as long as somebody has it; whether all is there. */
  private boolean goOn(DataFolder folder, ChainSpec chain, SnapshotFetch fetch)
      throws CommandFailure, LedgerException, IOException, InterruptedException {
    if (!Files.isDirectory(folder.ledgers().restoring())) {
      return false;
    }
    try (LevelDbStore store = LevelDbStore.open(folder.ledgers().restoring())) {
      Optional<SnapshotRestore> begun = SnapshotRestore.resume(store);
      if (begun.isEmpty() && new ChainStore(store, chain.chainHash()).tip().isPresent()) {
        return true; // it only has to take its place
      }
      if (begun.isPresent()
          && begun.get().manifest().check(chain, SignatureVerifier.ED25519).isValid()) {
        Manifest manifest = begun.get().manifest();
        List<NodeClient> holders = fetch.holders(manifest);
        if (!holders.isEmpty() || begun.get().nextMissing(0) == manifest.chunks().size()) {
          output.note(
              "Going on with the snapshot of height %d: %d of %d chunks are here"
                  .formatted(manifest.height(), begun.get().count(), manifest.chunks().size()));
          fetch(fetch, begun.get(), holders, chain);
          return true;
        }
        output.note(
            "No node has the snapshot of height %d any more, which was begun: beginning with a newer"
                .formatted(manifest.height()));
      }
    }
    folder.ledgers().discardRestoring();
    return false;
  }

  private static void fetch(
      SnapshotFetch fetch, SnapshotRestore restore, List<NodeClient> holders, ChainSpec chain)
      throws CommandFailure, InterruptedException {
    if (!fetch.fetch(restore, holders)) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "%d of %d chunks have come, and no node is left to ask. Begin again: it goes on from there"
              .formatted(restore.count(), restore.manifest().chunks().size()));
    }
    restore.finish(chain);
  }

  private static void fromFile(Path source, DataFolder folder, ChainSpec chain, long present)
      throws CommandFailure, LedgerException, IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(source), 1 << 16)) {
      SnapshotFile snapshot = SnapshotFile.read(in);
      Manifest manifest = snapshot.manifest();
      if (manifest.check(chain, SignatureVerifier.ED25519) instanceof Verdict.Invalid invalid) {
        throw new MalformedException(invalid.detail());
      }
      checkAbove(manifest, present);
      folder.ledgers().discardRestoring();
      try (LevelDbStore store = LevelDbStore.open(folder.ledgers().restoring())) {
        SnapshotRestore restore = SnapshotRestore.begin(store, manifest);
        Optional<byte[]> chunk = snapshot.nextChunk();
        while (chunk.isPresent()) {
          restore.add(restore.count(), chunk.get());
          chunk = snapshot.nextChunk();
        }
        restore.finish(chain);
      }
    } catch (MalformedException e) {
      throw new CommandFailure(
          ExitCode.PROOF_INVALID,
          "the snapshot in %s is none: %s".formatted(source, e.getMessage()),
          e);
    }
  }

  /** Opens what was made, which computes the index of the state and compares its root. */
  private Checkpoint check(DataFolder folder, ChainSpec chain) throws LedgerException {
    output.note("Computing the index of the state");
    try (LevelDbStore store = LevelDbStore.open(folder.ledgers().restoring())) {
      return Ledger.open(store, chain).checkpoint();
    }
  }

  private List<NodeClient> clients() throws CommandFailure {
    try {
      List<NodeEndpoint> endpoints =
          addresses.isEmpty()
              ? QuorateClient.endpoints(config().genesis())
              : addresses.stream().map(NodeEndpoint::parse).toList();
      var http = NodeClient.newHttpClient();
      return endpoints.stream().map(endpoint -> new NodeClient(http, endpoint)).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--node: " + e.getMessage(), e);
    }
  }

  private final class Progress implements SnapshotFetch.Listener {
    @Override
    public void came(int chunks, int of, long bytes) {
      long now = System.nanoTime();
      if (now - toldNanos >= TOLD_NANOS || chunks == of) {
        toldNanos = now;
        output.note("%d of %d chunks, %s".formatted(chunks, of, SnapshotReport.bytes(bytes)));
      }
    }

    @Override
    public void dropped(NodeEndpoint node, String reason) {
      output.note(node + " is asked no more: " + reason);
    }
  }
}
