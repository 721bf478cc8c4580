package org.quorate.node.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.quorate.ledger.file.WholeFile;

/**
 * The ledger of a data folder, and one that is made to take its place.
 *
 * <pre>
 * DIR/ledger/    blocks and state
 * DIR/DIVERGED   there if the ledger is another than the others', and says where
 * DIR/DAMAGED    there if something of the ledger could not be read that peers cannot give back
 * DIR/restoring/ a ledger that is being made of a snapshot, to take the other's place
 * DIR/repairing/ a ledger that is being made of what can be read of a damaged one
 * DIR/replaced/  the ledger whose place either takes, for a moment
 * DIR/set-aside/ the files of the damaged ledger that was made anew last; nobody needs them
 * </pre>
 *
 * Whoever uses it holds the {@link DataFolder}.
 */
public final class LedgerFolders {
  private static final String DIVERGED = "DIVERGED";
  private static final String DAMAGED = "DAMAGED";
  private static final String REPLACED = "replaced";

  private final Path path;

  LedgerFolders(Path path) {
    this.path = path;
  }

  /** The folder of blocks and state. */
  Path current() {
    return path.resolve("ledger");
  }

  /** Where a ledger is made that shall take the place of the current one; may not be there. */
  public Path restoring() {
    return path.resolve("restoring");
  }

  /**
   * Where a ledger is made of what can be read of the current one; may not be there. Only when it
   * is whole it goes where a restored one would be, so that none that is half made is ever taken
   * for whole.
   */
  public Path repairing() {
    return path.resolve("repairing");
  }

  /** Removes what was repaired so far. */
  public void discardRepairing() throws IOException {
    remove(repairing());
  }

  /**
   * Puts what is in {@link #repairing}, which is whole, in the place of the ledger, whose files are
   * kept in {@link #setAside}: a person may want to look at them, or save from them what was lost.
   */
  public void replaceWithRepaired() throws IOException {
    remove(setAside());
    Files.createDirectory(setAside());
    try (Stream<Path> files = Files.list(current())) {
      for (Path file : files.toList()) {
        link(file, setAside().resolve(file.getFileName()));
      }
    }
    WholeFile.syncNames(repairing());
    discardRestoring();
    Files.move(repairing(), restoring(), StandardCopyOption.ATOMIC_MOVE);
    WholeFile.syncNames(path);
    replace();
  }

  /** The files of the damaged ledger that was made anew last; may not be there. */
  public Path setAside() {
    return path.resolve("set-aside");
  }

  private static void link(Path file, Path name) throws IOException {
    try {
      Files.createLink(name, file);
    } catch (UnsupportedOperationException | FileSystemException e) { // not every disk has links
      Files.copy(file, name);
    }
  }

  /** Puts what is in {@link #restoring} in the place of the ledger. */
  public void replace() throws IOException {
    WholeFile.syncNames(restoring());
    if (Files.isDirectory(current())) {
      remove(path.resolve(REPLACED));
      Files.move(current(), path.resolve(REPLACED), StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.createDirectories(path.resolve(REPLACED)); // says what is going on
    }
    WholeFile.syncNames(path);
    finishReplacing();
  }

  /** Finishes what a crash has cut short, if anything, or removes it. */
  void finishReplacing() throws IOException {
    discardRepairing();
    Path replaced = path.resolve(REPLACED);
    if (!Files.isDirectory(replaced)) {
      return;
    }
    if (!Files.isDirectory(current())) {
      // Without a new one the old one goes back: somebody has removed the new one.
      Path next = Files.isDirectory(restoring()) ? restoring() : replaced;
      Files.move(next, current(), StandardCopyOption.ATOMIC_MOVE);
      WholeFile.syncNames(path);
    }
    if (Files.isDirectory(replaced)) {
      Files.deleteIfExists(path.resolve(DIVERGED));
      Files.deleteIfExists(path.resolve(DAMAGED));
      WholeFile.syncNames(path);
      remove(replaced);
    }
  }

  /** Whether a crash came between the two moves of {@link #replace}. */
  boolean isCutShort() {
    return Files.isDirectory(path.resolve(REPLACED)) && !Files.isDirectory(current());
  }

  /** Removes what was restored so far. */
  public void discardRestoring() throws IOException {
    remove(restoring());
  }

  /** Remembers that the ledger differs from what the others have signed; {@code text} says how. */
  public void markDiverged(String text) throws IOException {
    WholeFile.replace(path.resolve(DIVERGED), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the ledger was found to differ from what the others have signed. */
  public boolean isDiverged() {
    return Files.exists(path.resolve(DIVERGED));
  }

  /** Remembers that the ledger should be made anew; {@code text} says what could not be read. */
  public void markDamaged(String text) throws IOException {
    WholeFile.replace(path.resolve(DAMAGED), (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Forgets {@link #markDamaged}: nothing came of making it anew. */
  public void unmarkDamaged() throws IOException {
    Files.deleteIfExists(path.resolve(DAMAGED));
  }

  /** Whether {@link #markDamaged} was called since the ledger was made. */
  public boolean isDamaged() {
    return Files.exists(path.resolve(DAMAGED));
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
