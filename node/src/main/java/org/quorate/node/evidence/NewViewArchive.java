package org.quorate.node.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.file.WholeFile;
import org.quorate.ledger.proof.NewViewStatement;
import org.quorate.ledger.proof.SignedStatement;

/**
 * The NEW-VIEWs of the last views that the node entered, one file each ({@code DIR/VIEW}, a
 * signed_statement): if two certificates of different views conflict, they show who forgot the
 * first (PROTOCOL.md, A7). Safe for use by any thread.
 */
public final class NewViewArchive {
  private final Path folder;
  private final EvidenceLimits limits;
  private final TreeSet<Long> views = new TreeSet<>();

  private NewViewArchive(Path folder, EvidenceLimits limits) {
    this.folder = folder;
    this.limits = limits;
  }

  /** The archive in {@code folder}, which is made if it is not there. */
  public static NewViewArchive open(Path folder, EvidenceLimits limits) throws IOException {
    Files.createDirectories(folder);
    NewViewArchive archive = new NewViewArchive(folder, limits);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.matches("[0-9]{1,18}")) {
          archive.views.add(Long.parseLong(name));
        } else if (name.endsWith(WholeFile.UNFINISHED)) {
          Files.delete(file);
        }
      }
    }
    return archive;
  }

  /** Keeps a NEW-VIEW, and lets go of the oldest beyond the limit. */
  public synchronized void keep(SignedStatement newView) throws IOException {
    if (!(newView.statement() instanceof NewViewStatement statement)
        || views.contains(statement.view())) {
      return;
    }
    WholeFile.replace(folder.resolve(Long.toString(statement.view())), newView.encoded());
    views.add(statement.view());
    while (views.size() > limits.newViews()) {
      Files.deleteIfExists(folder.resolve(Long.toString(views.first())));
      views.pollFirst();
    }
  }

  /** The VIEW-CHANGEs in the NEW-VIEWs of the views above {@code view}, the lowest view first. */
  public synchronized List<SignedStatement> viewChangesAbove(long view)
      throws IOException, MalformedException {
    List<SignedStatement> found = new ArrayList<>();
    for (long higher : views.tailSet(view, false)) {
      byte[] bytes = Files.readAllBytes(folder.resolve(Long.toString(higher)));
      SignedStatement newView = Decoder.decode(bytes, SignedStatement::decode);
      if (newView.statement() instanceof NewViewStatement statement) {
        statement
            .viewChanges()
            .forEach(
                change ->
                    found.add(
                        new SignedStatement(
                            change.signer(), change.signature(), change.viewChange())));
      }
    }
    return found;
  }
}
