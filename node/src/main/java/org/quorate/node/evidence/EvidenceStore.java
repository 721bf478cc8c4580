package org.quorate.node.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.file.WholeFile;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.proof.Contradiction;
import org.quorate.ledger.proof.FaultProof;

/**
 * The evidence of a node: {@code DIR/NAME.json}, a document each (FORMAT.md, section 9), named for
 * what it shows, where and by whom. What there is already, or is beyond the limits, is not taken.
 * Divergences no node makes (PROTOCOL.md, A8); one that a light client found and an operator put
 * into the folder is served like all else. Safe for use by any thread.
 */
public final class EvidenceStore {
  private static final String ENDING = ".json";

  private final Path folder;
  private final EvidenceLimits limits;

  /** Names that are stored or being stored. */
  private final TreeSet<String> claimed = new TreeSet<>();

  /** How often each has been accused; forks and divergences stand under their kinds. */
  private final TreeMap<String, Integer> counts = new TreeMap<>();

  private final TreeMap<String, EvidenceEntry> stored = new TreeMap<>();
  private final List<String> unreadable = new ArrayList<>();

  private EvidenceStore(Path folder, EvidenceLimits limits) {
    this.folder = folder;
    this.limits = limits;
  }

  /** The evidence in {@code folder}, which is made if it is not there. */
  public static EvidenceStore open(Path folder, EvidenceLimits limits) throws IOException {
    Files.createDirectories(folder);
    EvidenceStore store = new EvidenceStore(folder, limits);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        store.load(file);
      }
    }
    return store;
  }

  private void load(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(WholeFile.UNFINISHED)) {
      Files.delete(file);
    } else if (name.endsWith(ENDING)) {
      try {
        FaultProof proof = EvidenceJson.read(bytes(file));
        if (name.equals(proof.name() + ENDING) && claim(proof)) {
          stored.put(proof.name(), EvidenceEntry.of(proof));
        } else {
          unreadable.add(name);
        }
      } catch (MalformedException e) {
        unreadable.add(name);
      }
    }
  }

  /** Files that stand in the folder and are no evidence under its name, or too many: left alone. */
  public synchronized List<String> unreadable() {
    return List.copyOf(unreadable);
  }

  /**
   * Takes a place for a proof that is to be {@link #write written}; touches no disk.
   *
   * @return false if it is there already, or has no place
   */
  public synchronized boolean claim(FaultProof proof) {
    boolean ofOne = proof instanceof Contradiction;
    String of = ofOne ? proof.accused().toString() : proof.kind().slug();
    int count = counts.getOrDefault(of, 0);
    if (claimed.contains(proof.name())
        || count >= (ofOne ? limits.perValidator() : limits.conflicts())
        || claimed.size() >= limits.total()) {
      return false;
    }
    claimed.add(proof.name());
    counts.put(of, count + 1);
    return true;
  }

  /** Writes a proof whose place was claimed. When this returns it is on disk. */
  public void write(FaultProof proof) throws IOException {
    WholeFile.replace(folder.resolve(proof.name() + ENDING), EvidenceJson.write(proof));
    synchronized (this) {
      stored.put(proof.name(), EvidenceEntry.of(proof));
    }
  }

  /** What is stored, by name: at most {@code limit} entries after {@code after}. */
  public synchronized List<EvidenceEntry> after(String after, int limit) {
    return stored.tailMap(after, false).values().stream().limit(limit).toList();
  }

  /** How many pieces are stored. */
  public synchronized int size() {
    return stored.size();
  }

  /** The document of that name. */
  public Optional<byte[]> document(String name) throws IOException {
    synchronized (this) {
      if (!stored.containsKey(name)) {
        return Optional.empty();
      }
    }
    return Optional.of(bytes(folder.resolve(name + ENDING)));
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(EvidenceJson.BYTES_MAX + 1);
    }
  }
}
