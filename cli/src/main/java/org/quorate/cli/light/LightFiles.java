package org.quorate.cli.light;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.ExitCode;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.file.WholeFile;

/** The names of the files in a light client's folder, and their reading and writing. */
final class LightFiles {
  private static final String HASHES = "hashes-";

  /** Keeps the folder to one process, and says which. */
  static final String LOCK = "LOCK";

  private static final Pattern OURS =
      Pattern.compile("genesis\\.json|head|hashes-[0-9]+|LOCK|evidence|.*\\.new");

  private final Path path;

  LightFiles(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  Path genesis() {
    return path.resolve("genesis.json");
  }

  Path head() {
    return path.resolve("head");
  }

  /** The hashes from the block at {@code height} on. */
  Path hashes(long height) {
    return path.resolve(HASHES + height);
  }

  EvidenceFolder evidence() {
    return new EvidenceFolder(path.resolve("evidence"));
  }

  void makeFolder() throws CommandFailure, IOException {
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(ExitCode.MISMATCH, path + " is a file, not a folder", e);
    }
  }

  boolean hasHead() {
    return Files.exists(head());
  }

  void requireHead() throws CommandFailure {
    if (!hasHead()) {
      throw new CommandFailure(
          ExitCode.MISMATCH,
          "%s is no folder of a light client: make it by quorate light sync --genesis FILE --dir %s"
              .formatted(path, path));
    }
  }

  /** A folder that is not ours must not be filled with our files. */
  void refuseStrangeContents() throws CommandFailure, IOException {
    try (Stream<Path> entries = Files.list(path)) {
      List<String> strange =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !OURS.matcher(name).matches())
              .sorted()
              .toList();
      if (!strange.isEmpty()) {
        throw new CommandFailure(
            ExitCode.MISMATCH,
            "%s holds %s, and is no folder of a light client: name a new or an empty folder"
                .formatted(path, strange.get(0)));
      }
    }
  }

  void writeGenesis(GenesisDocument document) throws IOException {
    WholeFile.replace(genesis(), document.toJson());
  }

  GenesisDocument readGenesis() throws GenesisException {
    return GenesisDocument.read(genesis());
  }

  void writeHead(Head head) throws IOException {
    WholeFile.replace(head(), head.toFile());
  }

  Head readHead() throws CommandFailure, IOException {
    try (InputStream in = Files.newInputStream(head())) {
      return Head.ofFile(in.readNBytes(Head.FILE_BYTES_MAX + 1));
    } catch (MalformedException e) {
      throw damaged(head(), String.valueOf(e.getMessage()));
    }
  }

  /** Deletes what was left when a process died: unfinished files, and hashes that do not count. */
  void deleteStrays(Head head) throws IOException {
    List<Path> counted = head.segments().stream().map(segment -> hashes(segment.first())).toList();
    List<Path> strays;
    try (Stream<Path> entries = Files.list(path)) {
      strays =
          entries
              .filter(
                  entry -> {
                    String name = entry.getFileName().toString();
                    return name.endsWith(WholeFile.UNFINISHED)
                        || (name.startsWith(HASHES) && !counted.contains(entry));
                  })
              .toList();
    }
    for (Path stray : strays) {
      Files.deleteIfExists(stray);
    }
  }

  /** That a file is not as it was written. */
  CommandFailure damaged(Path file, String how) {
    return new CommandFailure(
        ExitCode.MISMATCH,
        "%s is damaged: %s. Nothing in %s is believed: remove it, and sync again"
            .formatted(file, how, path));
  }

  CommandFailure missing(NoSuchFileException e) {
    return damaged(Path.of(e.getFile()), "it is missing");
  }

  CommandFailure otherChain(ChainSpec followed, ChainSpec named) {
    return new CommandFailure(
        ExitCode.MISMATCH,
        "%s follows the chain %s (chain hash %s), not %s (%s): name another folder"
            .formatted(
                path,
                followed.chainId(),
                followed.chainHash(),
                named.chainId(),
                named.chainHash()));
  }
}
