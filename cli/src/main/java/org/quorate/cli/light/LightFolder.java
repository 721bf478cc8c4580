package org.quorate.cli.light;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.ExitCode;
import org.quorate.cli.client.HeaderBatch;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.file.FolderInUseException;
import org.quorate.ledger.file.FolderLock;
import org.quorate.ledger.proof.CommittedHeader;

/**
 * What a light client keeps of a chain: the hash of each block it has followed, and what proves the
 * last. Everything in it was verified before it was written; whenever it is opened, the digests of
 * its files and the signatures of its certificates are checked again. {@code cli/README.md} has the
 * format.
 *
 * <p>Whatever is added is on the disk in the order that matters: hashes first, then the head that
 * counts them, whole or not at all. Owned by one thread, and by one process if it is opened to be
 * added to.
 */
public final class LightFolder implements AutoCloseable {
  /** A reader finds a file gone if segments are joined at that moment, and looks again. */
  private static final int READS_MAX = 3;

  private final LightFiles files;
  private final Optional<FolderLock> lock;
  private final GenesisDocument genesis;
  private final List<HashFile> hashes = new ArrayList<>();
  private Head head;

  private LightFolder(
      LightFiles files, Optional<FolderLock> lock, GenesisDocument genesis, Head head) {
    this.files = files;
    this.lock = lock;
    this.genesis = genesis;
    this.head = head;
  }

  /**
   * Opens a folder to add to it; one that is not there, or empty, begins with the genesis block.
   *
   * @throws CommandFailure if another process has it, it follows another chain, it is damaged, or
   *     it holds something else; nothing in it is changed then
   */
  public static LightFolder openOrCreate(Path dir, GenesisDocument genesis)
      throws CommandFailure, GenesisException, IOException {
    LightFiles files = new LightFiles(dir);
    files.makeFolder();
    if (!files.hasHead()) {
      files.refuseStrangeContents();
    }
    FolderLock lock = take(dir);
    boolean done = false;
    try {
      if (!files.hasHead()) {
        create(files, genesis);
      }
      LightFolder folder = open(files, Optional.of(lock));
      done = folder.follows(genesis.chain());
      if (!done) {
        folder.closeFiles();
        throw files.otherChain(folder.chain(), genesis.chain());
      }
      if (!Arrays.equals(folder.genesis.toJson(), genesis.toJson())) {
        files.writeGenesis(genesis); // of the same chain, with other addresses
      }
      return folder;
    } catch (NoSuchFileException e) {
      throw files.missing(e);
    } finally {
      if (!done) {
        lock.close();
      }
    }
  }

  /** As {@link #openOrCreate}, of a folder that is there, with its own copy of the genesis. */
  public static LightFolder open(Path dir) throws CommandFailure, GenesisException, IOException {
    LightFiles files = new LightFiles(dir);
    files.requireHead();
    FolderLock lock = take(dir);
    boolean done = false;
    try {
      LightFolder folder = open(files, Optional.of(lock));
      done = true;
      return folder;
    } catch (NoSuchFileException e) {
      throw files.missing(e);
    } finally {
      if (!done) {
        lock.close();
      }
    }
  }

  /** Opens a folder to look at it, also while another process adds to it. */
  public static LightFolder read(Path dir) throws CommandFailure, GenesisException, IOException {
    LightFiles files = new LightFiles(dir);
    files.requireHead();
    for (int reads = 1; ; reads++) {
      try {
        return open(files, Optional.empty());
      } catch (NoSuchFileException e) {
        // Gone since the head was read: what is there now is named by a newer head.
        if (reads == READS_MAX) {
          throw files.missing(e);
        }
      }
    }
  }

  private static FolderLock take(Path dir) throws CommandFailure, IOException {
    try {
      return FolderLock.take(dir, LightFiles.LOCK);
    } catch (FolderInUseException e) {
      throw new CommandFailure(
          ExitCode.FAILED, dir + ": " + e.getMessage() + "; try again when that is done", e);
    }
  }

  private static void create(LightFiles files, GenesisDocument genesis) throws IOException {
    files.writeGenesis(genesis);
    Segment segment;
    try (HashFile file = HashFile.create(files.hashes(0))) {
      file.append(List.of(genesis.chain().genesisBlock().hash()));
      segment = new Segment(Optional.empty(), 1, file.digest(), Optional.empty());
    }
    files.writeHead(new Head(genesis.chain().chainHash(), List.of(segment), Optional.empty()));
  }

  private static LightFolder open(LightFiles files, Optional<FolderLock> lock)
      throws CommandFailure, GenesisException, IOException {
    GenesisDocument genesis = files.readGenesis();
    Head head = files.readHead();
    LightFolder folder = new LightFolder(files, lock, genesis, head);
    boolean good = false;
    try {
      for (Segment segment : head.segments()) {
        Path file = files.hashes(segment.first());
        folder.hashes.add(
            HashFile.open(file, segment, lock.isPresent())
                .orElseThrow(
                    () -> files.damaged(file, "it is not the " + segment.count() + " hashes")));
      }
      new FolderCheck(files, genesis.chain()).check(head, folder.hashes);
      if (lock.isPresent()) {
        files.deleteStrays(head);
      }
      good = true;
      return folder;
    } finally {
      if (!good) {
        folder.closeFiles();
      }
    }
  }

  private boolean follows(ChainSpec chain) {
    return chain().chainHash().equals(chain.chainHash());
  }

  /** The chain it follows. */
  public ChainSpec chain() {
    return genesis.chain();
  }

  /** The genesis it was begun with. */
  public GenesisDocument genesis() {
    return genesis;
  }

  /** Where it is. */
  public Path path() {
    return files.path();
  }

  /** What it holds against validators. */
  EvidenceFolder evidence() {
    return files.evidence();
  }

  /** The evidence in it, by name; while there is some, it goes no further. */
  public List<Path> evidenceFiles() throws IOException {
    return files.evidence().files();
  }

  /** Ends the command if two blocks or results were seen that cannot both be. */
  public void refuseIfEvidence() throws CommandFailure, IOException {
    files.evidence().refuseIfAny();
  }

  /** The segments, in rising order. */
  List<Segment> segments() {
    return head.segments();
  }

  /** The height of the highest block that was verified. */
  public long height() {
    return head.top().end();
  }

  /** The header of that block. */
  public BlockHeader header() {
    return last(head.segments().size() - 1);
  }

  /** That block with what makes it final; none for the genesis. */
  public Optional<CommittedHeader> top() {
    return head.top().last();
  }

  /** The highest block whose result is proven. */
  Optional<ProvenHeader> proven() {
    return head.proven();
  }

  /** The header with which a segment ends. */
  BlockHeader last(int segment) {
    return head.segments()
        .get(segment)
        .last()
        .map(CommittedHeader::header)
        .orElse(chain().genesisHeader());
  }

  /** How many blocks it has the hash of, the genesis included. */
  public long blocks() {
    return head.segments().stream().mapToLong(Segment::count).sum();
  }

  /** The hash of the block at {@code height}; empty where that was skipped, or is above the top. */
  public Optional<Digest> hash(long height) throws IOException {
    for (int i = 0; i < hashes.size(); i++) {
      Segment segment = head.segments().get(i);
      if (segment.contains(height)) {
        return Optional.of(hashes.get(i).hash(height - segment.first()));
      }
    }
    return Optional.empty();
  }

  /** The block at {@code height} with a certificate, if it is one of the few kept with theirs. */
  Optional<CommittedHeader> committed(long height) {
    for (Segment segment : head.segments()) {
      for (Optional<CommittedHeader> kept : List.of(segment.start(), segment.last())) {
        if (kept.isPresent() && kept.get().header().height() == height) {
          return kept;
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Adds headers that were verified to continue a segment.
   *
   * @param batch at least one header; if the segment above begins with the last of them, the two
   *     become one
   */
  void extend(int index, HeaderBatch batch) throws IOException {
    Segment segment = head.segments().get(index);
    CommittedHeader last = batch.last();
    boolean meets =
        index + 1 < head.segments().size()
            && head.segments().get(index + 1).first() == last.header().height();
    List<BlockHeader> added =
        meets ? batch.headers().subList(0, batch.headers().size() - 1) : batch.headers();
    HashFile file = hashes.get(index);
    file.append(added.stream().map(header -> header.hash(chain().chainHash())).toList());
    Optional<ProvenHeader> proven = higher(batch);
    if (!meets) {
      Segment longer = new Segment(segment.start(), file.count(), file.digest(), Optional.of(last));
      replaceHead(head.with(index, longer, proven));
      return;
    }
    Segment above = head.segments().get(index + 1);
    if (!hashes.get(index + 1).hash(0).equals(last.header().hash(chain().chainHash()))) {
      throw new AssertionError("two segments meet in one block");
    }
    file.append(hashes.get(index + 1));
    Segment both = new Segment(segment.start(), file.count(), file.digest(), above.last());
    replaceHead(head.joined(index, both, proven));
    hashes.remove(index + 1).close();
    Files.deleteIfExists(files.hashes(above.first()));
  }

  /**
   * Jumps to a block above all others, which was verified.
   *
   * @throws CommandFailure if there are as many gaps as may be
   */
  void jump(HeaderBatch block) throws CommandFailure, IOException {
    if (head.segments().size() == Head.SEGMENTS_MAX) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "%s has %d gaps, and may not have more: fill them by a sync without --skip"
              .formatted(path(), Head.SEGMENTS_MAX - 1));
    }
    CommittedHeader start = block.last();
    HashFile file = HashFile.create(files.hashes(start.header().height()));
    hashes.add(file);
    file.append(List.of(start.header().hash(chain().chainHash())));
    replaceHead(
        head.with(
            head.segments().size(),
            new Segment(Optional.of(start), 1, file.digest(), Optional.of(start)),
            higher(block)));
  }

  private Optional<ProvenHeader> higher(HeaderBatch batch) {
    BlockHeader header = batch.last().header();
    boolean higher =
        head.proven().map(known -> known.header().height() < header.height()).orElse(true);
    return higher && batch.checkpoint().isPresent()
        ? batch.checkpoint().map(certificate -> new ProvenHeader(header, certificate))
        : head.proven();
  }

  private void replaceHead(Head next) throws IOException {
    files.writeHead(next);
    head = next;
  }

  private void closeFiles() throws IOException {
    for (HashFile file : hashes) {
      file.close();
    }
  }

  @Override
  public void close() throws IOException {
    closeFiles();
    if (lock.isPresent()) {
      lock.get().close();
    }
  }
}
