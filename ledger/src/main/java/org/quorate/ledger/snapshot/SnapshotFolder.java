package org.quorate.ledger.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.file.DiskRoom;
import org.quorate.ledger.file.WholeFile;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.state.StateChunks;
import org.quorate.ledger.state.Subtree;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.StoreReader;

/**
 * The snapshots of one node.
 *
 * <pre>
 * DIR/HEIGHT/manifest
 * DIR/HEIGHT/INDEX           a chunk
 * DIR/making/                one that is not whole yet
 * DIR/removed-HEIGHT/        one that is not whole any more
 * </pre>
 *
 * Safe for use by any thread, but only one at a time may {@link #create} and {@link #keepNewest}.
 */
public final class SnapshotFolder {
  private static final String MANIFEST = "manifest";
  private static final String MAKING = "making";
  private static final long FREE_BYTES_MIN = 1L << 30;
  private static final Pattern HEIGHT = Pattern.compile("[1-9][0-9]{0,17}");
  private static final Pattern NOT_WHOLE = Pattern.compile(MAKING + "|removed-.*");

  private final Path folder;

  /** The manifest that was asked for last: whoever reads chunks reads many of one. */
  private volatile @Nullable Manifest recent;

  private SnapshotFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * The snapshots in {@code folder}, which may not be there. Removes what is not whole, and leaves
   * what is none of ours.
   */
  public static SnapshotFolder open(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        for (Path entry : entries.toList()) {
          if (NOT_WHOLE.matcher(entry.getFileName().toString()).matches()) {
            remove(entry);
          }
        }
      }
    }
    return new SnapshotFolder(folder);
  }

  /** The same as it is, for whoever only reads: removes nothing. */
  public static SnapshotFolder view(Path folder) {
    return new SnapshotFolder(folder);
  }

  /** The heights of the snapshots that are whole, rising. */
  public List<Long> heights() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    TreeSet<Long> heights = new TreeSet<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> HEIGHT.matcher(name).matches())
          .forEach(name -> heights.add(Long.parseLong(name)));
    }
    return List.copyOf(heights);
  }

  /**
   * The manifest of a snapshot; empty if there is none of that height.
   *
   * @throws MalformedException if it is damaged
   */
  public Optional<Manifest> manifest(long height) throws IOException, MalformedException {
    Manifest known = recent;
    if (known != null && known.height() == height) {
      return Optional.of(known);
    }
    Optional<byte[]> bytes = read(path(height).resolve(MANIFEST));
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    Manifest manifest = Decoder.decode(bytes.get(), Manifest::decode);
    if (manifest.height() != height) {
      throw new MalformedException("the snapshot is of height " + manifest.height());
    }
    remember(manifest);
    return Optional.of(manifest);
  }

  /** Not if it was removed meanwhile. */
  private synchronized void remember(Manifest manifest) {
    if (Files.isDirectory(path(manifest.height()))) {
      recent = manifest;
    }
  }

  /**
   * A chunk, checked against the manifest; empty if there is no such.
   *
   * @throws MalformedException if it or the manifest is damaged
   */
  public Optional<byte[]> chunk(long height, int index) throws IOException, MalformedException {
    Optional<Manifest> manifest = manifest(height);
    if (manifest.isEmpty() || index < 0 || index >= manifest.get().chunks().size()) {
      return Optional.empty();
    }
    Optional<byte[]> chunk = read(path(height).resolve(Integer.toString(index)));
    if (chunk.isPresent()) {
      StateChunks.restore(manifest.get().chunks().get(index), chunk.get(), new Batch());
    }
    return chunk;
  }

  /**
   * The bytes that a snapshot takes on disk; 0 if there is none.
   *
   * @param height of the snapshot
   */
  public long bytes(long height) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(path(height))) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    } catch (NoSuchFileException e) {
      return 0; // removed meanwhile
    }
    return bytes;
  }

  /**
   * Writes a snapshot. After a crash it is there whole or not at all.
   *
   * @param state the store as it was after the header's block
   * @param certificate of f+1 or more, for that block
   * @return what is there now; if there was one of this height, that
   */
  public Manifest create(
      StoreReader state,
      Digest chainHash,
      CommittedHeader header,
      CheckpointCertificate certificate)
      throws IOException {
    Optional<Manifest> there = whole(certificate.height());
    if (there.isPresent()) {
      return there.get();
    }
    Path making = folder.resolve(MAKING);
    remove(making);
    checkSpace();
    Files.createDirectories(making);
    WholeFile.syncName(folder);
    try {
      List<Subtree> chunks = new ArrayList<>();
      StateChunks.cut(
          state,
          (subtree, chunk) -> {
            checkSpace();
            WholeFile.write(making.resolve(Integer.toString(chunks.size())), chunk);
            chunks.add(subtree);
          });
      checkRoot(chunks, certificate.checkpoint());
      Manifest manifest = new Manifest(chainHash, header, certificate, chunks);
      WholeFile.write(making.resolve(MANIFEST), manifest.encoded());
      WholeFile.syncNames(making);
      Files.move(making, path(certificate.height()), StandardCopyOption.ATOMIC_MOVE);
      WholeFile.syncNames(folder);
      return manifest;
    } finally {
      remove(making); // a full disk is not helped by half a snapshot
    }
  }

  /** What others need more, as the journal of votes, must not find the disk full. */
  private void checkSpace() throws IOException {
    Path there = Files.isDirectory(folder) ? folder : folder.toAbsolutePath().resolveSibling(".");
    DiskRoom.of(there).require(FREE_BYTES_MIN);
  }

  /** Others would refuse it, and blocks would be dropped for it. */
  private static void checkRoot(List<Subtree> chunks, Checkpoint checkpoint) {
    try {
      if (!StateChunks.root(chunks).equals(checkpoint.stateRoot())) {
        throw new DamageException(
            "the store is damaged: its state is not that of " + checkpoint.block());
      }
    } catch (MalformedException e) {
      throw new AssertionError("a cut is whole", e);
    }
  }

  private Optional<Manifest> whole(long height) throws IOException {
    try {
      return manifest(height);
    } catch (MalformedException e) {
      delete(height);
      return Optional.empty();
    }
  }

  /** Removes all but the newest {@code count}. */
  public void keepNewest(int count) throws IOException {
    List<Long> heights = heights();
    for (long height : heights.subList(0, Math.max(0, heights.size() - count))) {
      delete(height);
    }
  }

  /** Removes a snapshot, if it is there. Whoever reads it finds that it is gone. */
  public synchronized void delete(long height) throws IOException {
    recent = null;
    Path removed = folder.resolve("removed-" + height);
    remove(removed);
    try {
      Files.move(path(height), removed, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return; // nothing is there
    }
    remove(removed);
  }

  private Path path(long height) {
    return folder.resolve(Long.toString(height));
  }

  private static Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
