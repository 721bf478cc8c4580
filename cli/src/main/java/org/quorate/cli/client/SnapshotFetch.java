package org.quorate.cli.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
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

  /** A node that says to have more snapshots lies: nobody keeps so many. */
  private static final int HEIGHTS_MAX = 100;

  /** A chunk that a node owes for so long is asked of another as well. */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long PAUSE_MILLIS = 500;

  private final ChainSpec chain;
  private final List<NodeClient> nodes;
  private final Listener listener;

  /** Who says to have a snapshot of each height. */
  private final TreeMap<Long, List<NodeClient>> holders = new TreeMap<>();

  /** Who gave something that is not what was asked for, or nothing. */
  private final Set<NodeClient> dropped = new HashSet<>();

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
   * A snapshot that proves itself, and who has it, cut in the same way. One state may be cut in
   * several ways that all prove themselves, and a node that lies may offer one that nobody else
   * has.
   *
   * @param holders one or more
   */
  public record Offer(Manifest manifest, List<NodeClient> holders) {
    public Offer {
      holders = List.copyOf(holders);
    }
  }

  /** The heights at which nodes say to have snapshots, the highest first. */
  public List<Long> heights() throws InterruptedException {
    holders.clear();
    for (NodeClient node : nodes) {
      Answer<List<Long>> answer = node.snapshots();
      if (!(answer instanceof Answer.Given<List<Long>> given)) {
        drop(node, answer.complaint());
      } else if (given.value().size() > HEIGHTS_MAX) {
        drop(node, "it says to have " + given.value().size() + " snapshots");
      } else {
        new TreeSet<>(given.value())
            .forEach(height -> holders.computeIfAbsent(height, any -> new ArrayList<>()).add(node));
      }
    }
    return List.copyOf(holders.descendingKeySet());
  }

  /** What nodes have at one of the {@link #heights}; what most of them have comes first. */
  public List<Offer> offers(long height) throws InterruptedException {
    List<Offer> offers = new ArrayList<>();
    for (NodeClient node : holders.getOrDefault(height, List.of())) {
      Optional<Manifest> manifest =
          dropped.contains(node) ? Optional.empty() : manifest(node, height);
      manifest.ifPresent(found -> add(offers, found, node));
    }
    offers.sort(Comparator.comparingInt((Offer offer) -> -offer.holders().size()));
    return offers;
  }

  private static void add(List<Offer> offers, Manifest manifest, NodeClient node) {
    for (int i = 0; i < offers.size(); i++) {
      Offer offer = offers.get(i);
      if (offer.manifest().hasChunksOf(manifest)) {
        List<NodeClient> more = new ArrayList<>(offer.holders());
        more.add(node);
        offers.set(i, new Offer(offer.manifest(), more));
        return;
      }
    }
    offers.add(new Offer(manifest, List.of(node)));
  }

  private synchronized void drop(NodeClient node, String reason) {
    if (dropped.add(node)) {
      listener.dropped(node.node(), reason);
    }
  }

  private Optional<Manifest> manifest(NodeClient node, long height) throws InterruptedException {
    Answer<Manifest> answer = node.snapshot(height);
    if (!(answer instanceof Answer.Given<Manifest> given)) {
      drop(node, answer.complaint());
      return Optional.empty();
    }
    Manifest manifest = given.value();
    if (manifest.check(chain, SignatureVerifier.ED25519) instanceof Verdict.Invalid invalid) {
      drop(node, "its snapshot at height %d is none: %s".formatted(height, invalid.detail()));
      return Optional.empty();
    }
    if (manifest.height() != height) {
      drop(node, "it gives a snapshot of another height than was asked for");
      return Optional.empty();
    }
    return Optional.of(manifest);
  }

  /**
   * Fetches what is missing, from all of {@code holders} at once.
   *
   * @return whether all of it is there; if not, no holder was left that has it
   * @throws org.quorate.ledger.store.StorageException if it cannot be written
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
      fetching.awaitEnd(threads);
    } finally {
      threads.forEach(Thread::interrupt); // one may wait for a node that does not answer
    }
    for (Thread thread : threads) {
      thread.join();
    }
    fetching.checkStore();
    return fetching.isWhole();
  }

  /** What several threads do together; each asks one node at a time. */
  private final class Fetching {
    private final SnapshotRestore restore;
    private final int chunks;

    /** Since when each chunk is asked for that is. */
    private final TreeMap<Integer, Long> askedNanos = new TreeMap<>();

    private long bytes;
    private Optional<RuntimeException> storeFailure = Optional.empty();

    Fetching(SnapshotRestore restore) {
      this.restore = restore;
      this.chunks = restore.manifest().chunks().size();
    }

    synchronized boolean isWhole() {
      return restore.nextMissing(0) == chunks;
    }

    synchronized boolean isOver() {
      return isWhole() || storeFailure.isPresent();
    }

    synchronized void awaitEnd(List<Thread> threads) throws InterruptedException {
      while (!isOver() && threads.stream().anyMatch(Thread::isAlive)) {
        wait(PAUSE_MILLIS);
      }
    }

    /** From one after the other, as long as something is missing. */
    void fromAll(Queue<NodeClient> waiting) {
      try {
        for (NodeClient node = waiting.poll(); node != null; node = waiting.poll()) {
          from(node);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void from(NodeClient node) throws InterruptedException {
      int failures = 0;
      for (int index = next(); index < chunks; index = next()) {
        Answer<byte[]> answer = ask(node, index);
        if (answer instanceof Answer.Given<byte[]> given) {
          if (!take(node, index, given.value())) {
            return;
          }
          failures = 0;
        } else if (answer instanceof Answer.Refused<byte[]> || ++failures == FAILURES_MAX) {
          drop(node, answer.complaint());
          return;
        } else {
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    }

    private Answer<byte[]> ask(NodeClient node, int index) throws InterruptedException {
      try {
        return node.snapshotChunk(restore.manifest().height(), index);
      } finally {
        giveBack(index);
      }
    }

    /** Waits until there is a chunk to ask for; the number of chunks if there is none any more. */
    private synchronized int next() throws InterruptedException {
      while (!isOver()) {
        long now = System.nanoTime();
        int index = restore.nextMissing(0);
        while (index < chunks
            && askedNanos.containsKey(index)
            && now - askedNanos.get(index) < SLOW_NANOS) {
          index = restore.nextMissing(index + 1);
        }
        if (index < chunks) {
          askedNanos.put(index, now);
          return index;
        }
        wait(PAUSE_MILLIS);
      }
      return chunks;
    }

    private synchronized void giveBack(int index) {
      askedNanos.remove(index);
      notifyAll();
    }

    private synchronized boolean take(NodeClient node, int index, byte[] chunk) {
      try {
        if (restore.nextMissing(index) == index) {
          restore.add(index, chunk);
          bytes += chunk.length;
          listener.came(restore.count(), chunks, bytes);
        }
        return true;
      } catch (MalformedException e) {
        drop(node, "its chunk %d is not the snapshot's: %s".formatted(index, e.getMessage()));
        return false;
      } catch (RuntimeException e) {
        storeFailure = Optional.of(e);
        return false;
      } finally {
        notifyAll();
      }
    }

    synchronized void checkStore() {
      if (storeFailure.isPresent()) {
        throw storeFailure.get();
      }
    }
  }
}
