package org.quorate.node.mempool;

import java.util.HashSet;
import java.util.Set;
import org.quorate.ledger.crypto.Digest;

/**
 * The hashes of transactions that were found to meet every rule, the latest of them: two
 * generations, of which the older is forgotten when the younger is full. So it remembers at least
 * the last {@code hashesMax / 2} and never more than {@code hashesMax}. Safe for use by any thread.
 */
final class VerifiedHashes {
  private final int generationMax;
  private Set<Digest> younger = new HashSet<>();
  private Set<Digest> older = new HashSet<>();

  VerifiedHashes(int hashesMax) {
    this.generationMax = Math.max(1, hashesMax / 2);
  }

  synchronized boolean contains(Digest hash) {
    return younger.contains(hash) || older.contains(hash);
  }

  synchronized void add(Digest hash) {
    if (younger.size() >= generationMax) {
      older = younger;
      younger = new HashSet<>();
    }
    younger.add(hash);
  }

  synchronized int size() {
    return younger.size() + older.size();
  }
}
