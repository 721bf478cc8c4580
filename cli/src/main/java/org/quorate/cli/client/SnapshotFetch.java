package org.quorate.cli.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotRestore;

/**
 * Brings a snapshot from nodes of which none is trusted: the manifest proves itself, and each chunk
 * is checked against it, so that a node that lies costs the one chunk and is asked no more. Used by
 * one thread; it asks several nodes at once.
 */
public final class SnapshotFetch {
  /** Nodes that are asked for chunks at once. */
  private static final int ASKED_MAX = 4;

  /** How often in a row a node may fail to answer. */
  private static final int FAILURES_MAX = 3;

  private static final long PAUSE_MILLIS = 500;

  private final ChainSpec chain;
  private final List<NodeClient> nodes;
  private final Listener listener;

  /** Hears of what happens; one call at a time. */
  public interface Listener {
    /** A chunk has come. */
    void came(int chunks, int of, long bytes);

    /** A node is asked no more. */
    void dropped(NodeEndpoint node, String reason);
  }

  public SnapshotFetch(ChainSpec chain, List<NodeClient> nodes, Listener listener) {
    this.chain = chain;
    this.nodes = List.copyOf(nodes);
    this.listener = listener;
  }

  /**
   * A snapshot that proves itself, and who says to have it.
   *
   * @param holders one or more
   */
  public record Offer(Manifest manifest, List<NodeClient> holders) {
    public Offer {
      holders = List.copyOf(holders);
    }
  }

  /** The highest snapshot that any of the nodes has and can prove. */
  public Optional<Offer> newest() throws InterruptedException {
    for (Map.Entry<Long, List<NodeClient>> entry : holders().descendingMap().entrySet()) {
      List<NodeClient> honest = new ArrayList<>(entry.getValue());
      for (NodeClient node : entry.getValue()) {
        Optional<Manifest> manifest = manifest(node, entry.getKey());
        if (manifest.isPresent()) {
          return Optional.of(new Offer(manifest.get(), honest));
        }
        honest.remove(node);
      }
    }
    return Optional.empty();
  }

  /** Who says to have a snapshot that was begun earlier. */
  public List<NodeClient> holders(Manifest manifest) throws InterruptedException {
    return holders().getOrDefault(manifest.height(), List.of());
  }

  private NavigableMap<Long, List<NodeClient>> holders() throws InterruptedException {
    TreeMap<Long, List<NodeClient>> holders = new TreeMap<>();
    for (NodeClient node : nodes) {
      Answer<List<Long>> answer = node.snapshots();
      if (answer instanceof Answer.Given<List<Long>> given) {
        new TreeSet<>(given.value())
            .forEach(height -> holders.computeIfAbsent(height, any -> new ArrayList<>()).add(node));
      } else {
        listener.dropped(node.node(), answer.complaint());
      }
    }
    return holders;
  }

  private Optional<Manifest> manifest(NodeClient node, long height) throws InterruptedException {
    Answer<Manifest> answer = node.snapshot(height);
    if (!(answer instanceof Answer.Given<Manifest> given)) {
      listener.dropped(node.node(), answer.complaint());
      return Optional.empty();
    }
    Manifest manifest = given.value();
    Verdict verdict = manifest.check(chain, SignatureVerifier.ED25519);
    if (verdict instanceof Verdict.Invalid invalid) {
      listener.dropped(
          node.node(), "its snapshot at height %d is none: %s".formatted(height, invalid.detail()));
      return Optional.empty();
    }
    if (manifest.height() != height) {
      listener.dropped(node.node(), "it gives a snapshot of another height than was asked for");
      return Optional.empty();
    }
    return Optional.of(manifest);
  }

  /**
   * Fetches what is missing, from all of {@code holders} at once.
   *
   * @return whether all of it is there; if not, no holder was left that has it
   */
  public boolean fetch(SnapshotRestore restore, List<NodeClient> holders)
      throws InterruptedException {
    Fetching fetching = new Fetching(restore);
    List<Thread> threads = new ArrayList<>();
    Queue<NodeClient> waiting = new ConcurrentLinkedQueue<>(holders);
    for (int i = 0; i < Math.min(ASKED_MAX, holders.size()); i++) {
      Thread thread = new Thread(() -> fetching.fromAll(waiting), "fetch-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } finally {
      threads.forEach(Thread::interrupt);
    }
    fetching.checkStore();
    return restore.nextMissing(0) == restore.manifest().chunks().size();
  }

  /** What several threads do together; each asks one node. */
  private final class Fetching {
    private final SnapshotRestore restore;
    private final int chunks;
    private final TreeSet<Integer> underWay = new TreeSet<>();
    private long bytes;
    private Optional<RuntimeException> storeFailure = Optional.empty();

    Fetching(SnapshotRestore restore) {
      this.restore = restore;
      this.chunks = restore.manifest().chunks().size();
    }

    /** From one after the other, as long as something is missing. */
    void fromAll(Queue<NodeClient> waiting) {
      NodeClient holder = waiting.poll();
      while (holder != null) {
        from(holder);
        holder = waiting.poll();
      }
    }

    private void from(NodeClient holder) {
      try {
        int failures = 0;
        for (int index = next(); index < chunks; index = next()) {
          Answer<byte[]> answer = ask(holder, index);
          if (answer instanceof Answer.Given<byte[]> given) {
            if (!take(holder, index, given.value())) {
              return;
            }
            failures = 0;
          } else if (answer instanceof Answer.Refused<byte[]> || ++failures == FAILURES_MAX) {
            drop(holder, answer.complaint());
            return;
          } else {
            Thread.sleep(PAUSE_MILLIS);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private Answer<byte[]> ask(NodeClient holder, int index) throws InterruptedException {
      boolean given = false;
      try {
        Answer<byte[]> answer = holder.snapshotChunk(restore.manifest().height(), index);
        given = answer instanceof Answer.Given<byte[]>;
        return answer;
      } finally {
        if (!given) {
          giveBack(index);
        }
      }
    }

    /** The lowest chunk that is missing and nobody is asked for. */
    private synchronized int next() {
      if (storeFailure.isPresent()) {
        return chunks;
      }
      int index = restore.nextMissing(0);
      while (index < chunks && underWay.contains(index)) {
        index = restore.nextMissing(index + 1);
      }
      if (index < chunks) {
        underWay.add(index);
      }
      return index;
    }

    private synchronized void giveBack(int index) {
      underWay.remove(index);
    }

    private synchronized boolean take(NodeClient holder, int index, byte[] chunk) {
      underWay.remove(index);
      try {
        restore.add(index, chunk);
        bytes += chunk.length;
        listener.came(restore.count(), chunks, bytes);
        return true;
      } catch (MalformedException e) {
        listener.dropped(
            holder.node(),
            "its chunk %d is not the snapshot's: %s".formatted(index, e.getMessage()));
        return false;
      } catch (RuntimeException e) {
        storeFailure = Optional.of(e);
        return false;
      }
    }

    private synchronized void drop(NodeClient holder, String reason) {
      listener.dropped(holder.node(), reason);
    }

    synchronized void checkStore() {
      if (storeFailure.isPresent()) {
        throw storeFailure.get();
      }
    }
  }
}
