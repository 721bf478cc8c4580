package org.quorate.node.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.file.FolderLock;
import org.quorate.ledger.file.WholeFile;
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
 * </pre>
 *
 * and what {@link LedgerFolders} has beside the ledger. The lock does not guard against a second
 * copy of the folder elsewhere; the peers do (a key used twice).
 */
public final class DataFolder implements AutoCloseable {
  private static final String CHAIN = "CHAIN";
  private static final String LOCK = "LOCK";
  private static final String RESTORE =
      "restore it from the disk it was on; without it this validator would forget its votes. If it is"
          + " lost, remove the whole data folder: the node then begins as one that has forgotten, and"
          + " votes again when the others have told it how far it went";

  private final Path path;
  private final LedgerFolders ledgers;
  private final FolderLock lock;
  private boolean wholeMemory;
  private boolean made;

  private DataFolder(Path path, FolderLock lock) {
    this.path = path;
    this.ledgers = new LedgerFolders(path);
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
    FolderLock lock = null;
    try {
      Files.createDirectories(path);
      lock = FolderLock.take(path, LOCK);
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
   * @throws DataFolderException if it is not a data folder, is in use, or belongs to another chain,
   *     or a restored ledger has not taken its place yet
   */
  public static DataFolder openForAudit(Path path, ChainSpec chain) throws DataFolderException {
    Path file = path.resolve(CHAIN);
    if (!Files.exists(file)) {
      throw new DataFolderException(
          path + " is no data folder: it has no file CHAIN, as the folder data of a node has");
    }
    FolderLock lock = null;
    try {
      lock = FolderLock.take(path, LOCK);
      ChainFile theirs =
          ChainFile.read(file).orElseThrow(() -> new DataFolderException(file + " is damaged"));
      checkChain(path, theirs, chain.chainId(), chain.chainHash());
      DataFolder folder = new DataFolder(path, lock);
      if (folder.ledgers.isCutShort()) {
        throw new DataFolderException(
            "in %s a restored ledger has not taken its place yet: start the node, which goes on with that"
                .formatted(path));
      }
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
    return ledgers.current();
  }

  /** The same, and one that is made to take its place. */
  public LedgerFolders ledgers() {
    return ledgers;
  }

  /** The folder of the journal. */
  public Path journal() {
    return path.resolve("journal");
  }

  /** The folder of evidence; may not be there. */
  public Path evidence() {
    return path.resolve("evidence");
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

  private void claim(ChainFile ours) throws IOException, DataFolderException {
    Path file = path.resolve(CHAIN);
    if (!Files.exists(file)) {
      refuseStrangeContents();
      for (Path folder : List.of(ledger(), journal())) {
        Files.createDirectories(folder);
      }
      makeJournal();
      WholeFile.syncNames(path);
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
    ledgers.finishReplacing();
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

  private static void closeIfOpen(@Nullable FolderLock lock) throws DataFolderException {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException e) {
        throw new DataFolderException("a lock file cannot be closed", e);
      }
    }
  }
}
