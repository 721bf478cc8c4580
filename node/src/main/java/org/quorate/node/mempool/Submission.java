package org.quorate.node.mempool;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.quorate.ledger.chain.Transaction;

/**
 * Transactions submitted together: examined in any order by many threads, then entered in theirs by
 * one.
 */
final class Submission {
  private final List<byte[]> encoded;
  private final Function<byte[], Examined> examine;
  private final Function<List<Transaction>, List<AdmissionResult>> enter;
  private final AtomicReferenceArray<Examined> examined;

  Submission(
      List<byte[]> encoded,
      Function<byte[], Examined> examine,
      Function<List<Transaction>, List<AdmissionResult>> enter) {
    this.encoded = encoded;
    this.examine = examine;
    this.enter = enter;
    this.examined = new AtomicReferenceArray<>(encoded.size());
  }

  void examine(int item) {
    examined.set(item, examine.apply(encoded.get(item)));
  }

  List<AdmissionResult> finish() {
    List<Transaction> candidates = new ArrayList<>(encoded.size());
    for (int i = 0; i < examined.length(); i++) {
      if (examined.get(i) instanceof Examined.Candidate candidate) {
        candidates.add(candidate.transaction());
      }
    }
    Iterator<AdmissionResult> entered = enter.apply(candidates).iterator();
    List<AdmissionResult> results = new ArrayList<>(encoded.size());
    for (int i = 0; i < examined.length(); i++) {
      results.add(
          examined.get(i) instanceof Examined.Decided decided ? decided.result() : entered.next());
    }
    return results;
  }
}
