package org.quorate.node.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.node.journal.Journal;
import org.quorate.node.journal.JournalException;

/**
 * The folder of one validator of one chain, held by one process as long as this object is open.
 *
 * <pre>
 * DIR/CHAIN      whose the folder is (see {@link ChainFile}); written last when it is made, never
 *                changed
 * DIR/LOCK       locked by the process that uses the folder; holds its process id, for people
 * DIR/ledger/    blocks and state
 * DIR/journal/   what the replica may never forget
 * DIR/evidence/  what proves other validators faulty; made when it is needed
 * DIR/snapshots/ copies of the state, for others to begin with; made when it is needed
 * DIR/DIVERGED   there if the ledger is another than the others', and says where
 * DIR/restoring/ a ledger that is being made of a snapshot, to take the other's place
 * DIR/replaced/  the ledger whose place it takes, for a moment
 * </pre>
 *
 * The lock is the operating system's, so it ends with the process however that ends. It does not
 * guard against a second copy of the folder elsewhere; the peers do (a key used twice).
 */
public final class DataFolder implements AutoCloseable {
  private static final String CHAIN = "CHAIN";
  private static final String LOCK = "LOCK";
  private static final String DIVERGED = "DIVERGED";
  private static final String REPLACED = "replaced";
  private static final int PROCESS_ID_BYTES_MAX = 20;
  private static final String RESTORE =
      "restore it from the disk it was on; without it this validator would forget its votes. If it is"
          + " lost, remove the whole data folder: the node then begins as one that has forgotten, and"
          + " votes again when the others have told it how far it went";

  private final Path path;
  private final FileChannel lock;
  private boolean wholeMemory;
  private boolean made;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the folder of a validator that has never signed anything on this chain.
   *
   * @throws DataFolderException as {@link #open}, and if there is one already
   */
  public static void init(Path path, ChainSpec chain, PublicKey validator)
      throws DataFolderException {
    try (DataFolder folder = open(path, ChainFile.of(chain, validator, true))) {
      if (!folder.made) {
        throw new DataFolderException(
            "the data folder " + path + " is there already, and is left as it is");
      }
    } catch (IOException e) {
      throw new DataFolderException("the data folder " + path + " cannot be closed", e);
    }
  }

  /**
   * Takes the folder for this process. If it is not there or empty it is made, but as one of a
   * validator that may have voted before: see {@link #wholeMemory}.
   *
   * @throws DataFolderException if it is not a folder, cannot be written, is in use, or belongs to
   *     another chain or validator; nothing of another's is changed
   */
  public static DataFolder open(Path path, ChainSpec chain, PublicKey validator)
      throws DataFolderException {
    return open(path, ChainFile.of(chain, validator, false));
  }

  private static DataFolder open(Path path, ChainFile ours) throws DataFolderException {
    FileChannel lock = null;
    try {
      Files.createDirectories(path);
      lock = lock(path);
      DataFolder folder = new DataFolder(path, lock);
      folder.claim(ours);
      lock = null;
      return folder;
    } catch (FileAlreadyExistsException e) {
      throw new DataFolderException("the data folder " + path + " is a file, not a folder", e);
    } catch (AccessDeniedException e) {
      throw new DataFolderException(
          "the data folder "
              + path
              + " cannot be used: no permission for "
              + e.getFile()
              + ". Give it to the user who runs the node.",
          e);
    } catch (FileSystemException e) {
      throw new DataFolderException(
          "the data folder " + path + " cannot be written: " + String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new DataFolderException(
          "the data folder " + path + " cannot be used: " + String.valueOf(e.getMessage()), e);
    } finally {
      closeIfOpen(lock);
    }
  }

  /**
   * Takes the folder of whatever validator, while no node runs on it, to look at its ledger.
   * Nothing is made; its journal may be missing.
   *
   * @throws DataFolderException if it is not a data folder, is in use, or belongs to another chain
   */
  public static DataFolder openForAudit(Path path, ChainSpec chain) throws DataFolderException {
    Path file = path.resolve(CHAIN);
    if (!Files.exists(file)) {
      throw new DataFolderException(
          path + " is no data folder: it has no file CHAIN, as the folder data of a node has");
    }
    FileChannel lock = null;
    try {
      lock = lock(path);
      ChainFile theirs =
          ChainFile.read(file).orElseThrow(() -> new DataFolderException(file + " is damaged"));
      checkChain(path, theirs, chain.chainId(), chain.chainHash());
      DataFolder folder = new DataFolder(path, lock);
      lock = null;
      return folder;
    } catch (IOException e) {
      throw new DataFolderException(
          "the data folder " + path + " cannot be used: " + String.valueOf(e.getMessage()), e);
    } finally {
      closeIfOpen(lock);
    }
  }

  private static void checkChain(Path path, ChainFile theirs, String chainId, Digest chainHash)
      throws DataFolderException {
    if (!theirs.chainHash().equals(chainHash)) {
      throw new DataFolderException(
          "the data folder %s belongs to another chain: %s (chain hash %s), not %s (%s)"
              .formatted(path, theirs.chainId(), theirs.chainHash(), chainId, chainHash));
    }
  }

  /**
   * Whether its journal holds all that the validator ever signed on this chain. It does not if the
   * folder was made by {@link #open}: the one before may have been lost.
   */
  public boolean wholeMemory() {
    return wholeMemory;
  }

  /** The folder of blocks and state. */
  public Path ledger() {
    return path.resolve("ledger");
  }

  /** The folder of the journal. */
  public Path journal() {
    return path.resolve("journal");
  }

  /** The folder of evidence; may not be there. */
  public Path evidence() {
    return path.resolve("evidence");
  }

  /** Where a ledger is made that shall take the place of {@link #ledger}; may not be there. */
  public Path restoring() {
    return path.resolve("restoring");
  }

  /**
   * Puts what is in {@link #restoring} in the place of the ledger. To be done again after a crash,
   * as long as there is something.
   */
  public void replaceLedger() throws IOException {
    Path replaced = path.resolve(REPLACED);
    if (Files.isDirectory(restoring())) {
      if (Files.isDirectory(ledger())) {
        remove(replaced);
        Files.move(ledger(), replaced, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(restoring(), ledger(), StandardCopyOption.ATOMIC_MOVE);
      sync(path);
      Files.deleteIfExists(path.resolve(DIVERGED));
    }
    remove(replaced);
  }

  /** Remembers that the ledger differs from what the others have signed; {@code text} says how. */
  public void markDiverged(String text) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            path.resolve(DIVERGED),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      out.force(true);
    }
    sync(path);
  }

  /** Whether the ledger was found to differ from what the others have signed. */
  public boolean isDiverged() {
    return Files.exists(path.resolve(DIVERGED));
  }

  /** Removes what was restored so far. */
  public void discardRestoring() throws IOException {
    remove(restoring());
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

  /** The folder of snapshots; may not be there. */
  public Path snapshots() {
    return path.resolve("snapshots");
  }

  /** Gives the folder back. */
  @Override
  public void close() throws IOException {
    lock.close();
  }

  private static FileChannel lock(Path path) throws IOException, DataFolderException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      FileLock held = channel.tryLock();
      if (held == null) {
        throw new DataFolderException(
            "the data folder " + path + " is in use by another process" + holder(channel));
      }
      locked = true;
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)),
          0);
      return channel;
    } catch (OverlappingFileLockException e) {
      throw new DataFolderException("the data folder " + path + " is in use by this process", e);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(PROCESS_ID_BYTES_MAX);
    channel.read(buffer, 0);
    String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    return text.matches("[0-9]+\n") ? ", " + text.strip() : "";
  }

  private void claim(ChainFile ours) throws IOException, DataFolderException {
    Path file = path.resolve(CHAIN);
    if (!Files.exists(file)) {
      refuseStrangeContents();
      for (Path folder : List.of(ledger(), journal())) {
        Files.createDirectories(folder);
      }
      makeJournal();
      sync(path);
      ours.write(file);
      wholeMemory = ours.whole();
      made = true;
      return;
    }
    ChainFile theirs =
        ChainFile.read(file)
            .orElseThrow(() -> new DataFolderException(file + " is damaged: " + RESTORE));
    checkChain(path, theirs, ours.chainId(), ours.chainHash());
    if (!theirs.validator().equals(ours.validator())) {
      throw new DataFolderException(
          "the data folder %s belongs to the validator %s, not to %s: use the key it was made with"
              .formatted(path, theirs.validator(), ours.validator()));
    }
    if (Files.isDirectory(path.resolve(REPLACED)) && !Files.isDirectory(ledger())) {
      replaceLedger(); // a crash came between the two moves
    }
    for (Path folder : List.of(ledger(), journal())) {
      if (!Files.isDirectory(folder)) {
        throw new DataFolderException(folder + " is missing: " + RESTORE);
      }
    }
    if (!Journal.exists(journal())) {
      throw new DataFolderException("there is no journal in " + journal() + ": " + RESTORE);
    }
    wholeMemory = theirs.whole();
  }

  /**
   * From now on the journal is never missing, unless it is lost. One that is there already was made
   * when the making of the folder was cut short, and is empty.
   */
  private void makeJournal() throws IOException, DataFolderException {
    try {
      Journal.Opened opened = Journal.open(journal());
      opened.journal().close();
      if (!opened.records().isEmpty()) {
        throw strange(journal());
      }
    } catch (JournalException e) {
      throw new DataFolderException(String.valueOf(e.getMessage()), e);
    }
  }

  private DataFolderException strange(Path entry) {
    return new DataFolderException(
        "the data folder "
            + path
            + " has no file CHAIN but holds "
            + entry.getFileName()
            + ": name an empty or a new folder");
  }

  /**
   * A folder that is not ours must not be filled with our files, nor votes without an owner used.
   */
  private void refuseStrangeContents() throws IOException, DataFolderException {
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        boolean known = entry.endsWith(LOCK) || entry.endsWith(CHAIN + ".new");
        boolean half =
            (entry.equals(ledger()) && isEmptyFolder(entry))
                || (entry.equals(journal()) && (isEmptyFolder(entry) || Journal.exists(entry)));
        if (!known && !half) {
          throw strange(entry);
        }
      }
    }
  }

  private static boolean isEmptyFolder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.findAny().isEmpty();
    }
  }

  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void closeIfOpen(@Nullable FileChannel channel) throws DataFolderException {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new DataFolderException("a lock file cannot be closed", e);
      }
    }
  }
}
