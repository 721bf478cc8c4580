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
import java.util.stream.Stream;
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
import org.quorate.ledger.file.FullDiskException;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFile;
import org.quorate.ledger.snapshot.SnapshotRestore;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;
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
      restore(folder, chain, present(folder, chain));
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
    } catch (LedgerException e) {
      throw new CommandFailure(
          ExitCode.PROOF_INVALID,
          "%s. Remove %s and begin anew"
              .formatted(e.getMessage(), config.dataDir().resolve("restoring")),
          e);
    } catch (StorageException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the ledger cannot be written: %s. Begin again when that is mended: it goes on from here"
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

  /**
   * The height that a snapshot must be above to be worth it.
   *
   * @throws CommandFailure if there is a ledger that the user has not given up
   */
  private long present(DataFolder folder, ChainSpec chain) throws CommandFailure, IOException {
    Optional<Long> height = height(folder, chain);
    if (!replace && height.isEmpty()) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the node has a ledger that cannot be read; `quorate ledger repair` saves what can still be"
              + " read of it, --replace gives it up for a snapshot");
    }
    if (!replace && height.get() > 0) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the node has a ledger up to block "
              + height.get()
              + (folder.ledgers().isDiverged()
                  ? " that differs from the others';"
                  : ": start it, and it goes on from there;")
              + " --replace gives that ledger up for a snapshot");
    }
    return folder.ledgers().isDiverged() ? 0 : height.orElse(0L);
  }

  /** The height of the ledger that is there, 0 if there is none; empty if it cannot be read. */
  private static Optional<Long> height(DataFolder folder, ChainSpec chain) throws IOException {
    if (!Files.isDirectory(folder.ledger())) {
      return Optional.of(0L);
    }
    try (Stream<Path> files = Files.list(folder.ledger())) {
      if (files.findAny().isEmpty()) {
        return Optional.of(0L);
      }
    }
    try (LevelDbStore store = LevelDbStore.openExisting(folder.ledger())) {
      return Optional.of(Ledger.open(store, chain).checkpoint().height());
    } catch (StorageException e) {
      if (FullDiskException.isBehind(e)) {
        throw e;
      }
      return Optional.empty();
    } catch (LedgerException e) {
      return Optional.empty();
    }
  }

  private void restore(DataFolder folder, ChainSpec chain, long present)
      throws CommandFailure, LedgerException, IOException, InterruptedException {
    if (file != null) {
      fromFile(file, folder, chain, present);
      return;
    }
    if (isWhole(folder, chain, present)) {
      return; // it only has to take its place
    }
    SnapshotFetch fetch = new SnapshotFetch(chain, clients(), new Progress());
    List<Long> heights = fetch.heights();
    Optional<Manifest> begun = begun(folder, chain, present);
    if (begun.isPresent() && goOn(folder, chain, fetch, begun.get())) {
      return;
    }
    List<String> lacking = new ArrayList<>();
    for (long height : heights) {
      if (height <= present) {
        break;
      }
      for (SnapshotFetch.Offer offer : fetch.offers(height)) {
        output.note("Fetching the snapshot: " + new SnapshotReport(offer.manifest()).text());
        folder.ledgers().discardRestoring();
        try (LevelDbStore store = LevelDbStore.open(folder.ledgers().restoring())) {
          SnapshotRestore restore = SnapshotRestore.begin(store, offer.manifest());
          if (fetch.fetch(restore, offer.holders())) {
            restore.finish(chain);
            return;
          }
          lacking.add(came(restore));
        }
      }
    }
    throw nothing(heights, present, lacking);
  }

  private static String came(SnapshotRestore restore) {
    return "%d of %d chunks of the snapshot at height %d have come"
        .formatted(
            restore.count(), restore.manifest().chunks().size(), restore.manifest().height());
  }

  private static CommandFailure nothing(List<Long> heights, long present, List<String> lacking) {
    if (!lacking.isEmpty()) {
      return new CommandFailure(
          ExitCode.UNREACHABLE,
          "no node is left to ask: "
              + String.join(", ", lacking)
              + ". Begin again: it goes on from there");
    }
    return !heights.isEmpty() && heights.get(0) <= present
        ? new CommandFailure(
            ExitCode.FAILED,
            "the node has a ledger up to block %d, the newest snapshot is of block %d: start the node"
                .formatted(present, heights.get(0)))
        : new CommandFailure(
            ExitCode.UNREACHABLE,
            "no node has a snapshot that proves itself. Nodes take one after each"
                + " snapshot_interval_blocks of their node.json");
  }

  /** Whether an earlier run has made a ledger that only has to take its place. */
  private static boolean isWhole(DataFolder folder, ChainSpec chain, long present) {
    if (!Files.isDirectory(folder.ledgers().restoring())) {
      return false;
    }
    try (LevelDbStore store = LevelDbStore.open(folder.ledgers().restoring())) {
      return store.get(Table.RESTORING.key()).isEmpty()
          && new ChainStore(store, chain.chainHash())
              .tip()
              .filter(tip -> tip.height() > present)
              .isPresent();
    }
  }

  /** What an earlier run has begun, if it is still worth it. */
  private static Optional<Manifest> begun(DataFolder folder, ChainSpec chain, long present)
      throws LedgerException {
    if (!Files.isDirectory(folder.ledgers().restoring())) {
      return Optional.empty();
    }
    try (LevelDbStore store = LevelDbStore.open(folder.ledgers().restoring())) {
      return SnapshotRestore.resume(store)
          .map(SnapshotRestore::manifest)
          .filter(manifest -> manifest.height() > present)
          .filter(manifest -> manifest.check(chain, SignatureVerifier.ED25519).isValid());
    }
  }

  /**
   * Goes on with what an earlier run began.
   *
   * @return whether all of it is there; if not, nobody gave anything more of it
   * @throws CommandFailure if more of it has come, but not all
   */
  private boolean goOn(DataFolder folder, ChainSpec chain, SnapshotFetch fetch, Manifest manifest)
      throws CommandFailure, LedgerException, InterruptedException {
    List<NodeClient> holders = new ArrayList<>();
    for (SnapshotFetch.Offer offer : fetch.offers(manifest.height())) {
      if (offer.manifest().hasChunksOf(manifest)) {
        holders.addAll(offer.holders());
      }
    }
    try (LevelDbStore store = LevelDbStore.open(folder.ledgers().restoring())) {
      SnapshotRestore restore = SnapshotRestore.resume(store).orElseThrow();
      int before = restore.count();
      if (!holders.isEmpty()) {
        output.note("Going on: " + came(restore));
      }
      if (fetch.fetch(restore, holders)) {
        restore.finish(chain);
        return true;
      }
      if (restore.count() > before) {
        throw nothing(List.of(), 0, List.of(came(restore)));
      }
      output.note(
          "No node gives more of the snapshot of height %d, which was begun: looking for another"
              .formatted(manifest.height()));
      return false;
    }
  }

  private static void fromFile(Path source, DataFolder folder, ChainSpec chain, long present)
      throws CommandFailure, LedgerException, IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(source), 1 << 16)) {
      SnapshotFile snapshot = SnapshotFile.read(in);
      Manifest manifest = snapshot.manifest();
      if (manifest.check(chain, SignatureVerifier.ED25519) instanceof Verdict.Invalid invalid) {
        throw new MalformedException(invalid.detail());
      }
      if (manifest.height() <= present) {
        throw nothing(List.of(manifest.height()), present, List.of());
      }
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
