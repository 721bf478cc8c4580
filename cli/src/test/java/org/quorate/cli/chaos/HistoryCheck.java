package org.quorate.cli.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.crypto.Digest;

/**
 * Compares what clients were told with what the nodes have. Nothing acknowledged may be lost,
 * nothing may stand twice, all nodes must have the same, and of two transactions the one that was
 * acknowledged before the other was submitted must stand before it.
 */
final class HistoryCheck {
  private static final int VIOLATIONS_MAX = 100;

  /** Where a transaction stands: {@code number} counts all transactions of the chain. */
  private record Place(long number, long height, int index, Receipt.Outcome outcome) {
    @Override
    public String toString() {
      return "block " + height + ", place " + index;
    }
  }

  private final List<Attempt> attempts;
  private final Map<Digest, Place> places = new HashMap<>();
  private final List<String> violations = new ArrayList<>();

  private HistoryCheck(List<Attempt> attempts) {
    this.attempts = attempts;
  }

  /**
   * All that is wrong, up to a hundred; empty if nothing is.
   *
   * @param copies of all nodes, one at least
   */
  static List<String> violations(List<Attempt> attempts, List<ChainCopy> copies) {
    HistoryCheck check = new HistoryCheck(attempts);
    ChainCopy longest =
        copies.stream().max(Comparator.comparingInt(copy -> copy.blocks().size())).orElseThrow();
    copies.forEach(copy -> copy.faults().forEach(fault -> check.wrong(copy.node() + ": " + fault)));
    copies.forEach(copy -> check.sameBlocks(copy, longest));
    copies.forEach(check::provesAll);
    check.index(longest);
    check.nothingForeign();
    attempts.forEach(check::attemptStands);
    check.realTimeOrder();
    copies.forEach(check::counter);
    return List.copyOf(check.violations);
  }

  /** A crash may cost a node a certificate; but then it gets it from another. */
  private void provesAll(ChainCopy copy) {
    for (int i = 0; i < copy.blocks().size(); i++) {
      if (!copy.blocks().get(i).proven()) {
        wrong("%s cannot prove the result of block %d".formatted(copy.node(), i + 1));
      }
    }
  }

  private void wrong(String violation) {
    if (violations.size() < VIOLATIONS_MAX) {
      violations.add(violation);
    }
  }

  private void sameBlocks(ChainCopy copy, ChainCopy longest) {
    for (int i = 0; i < longest.blocks().size(); i++) {
      if (i >= copy.blocks().size()) {
        wrong("%s lacks block %d, which %s has".formatted(copy.node(), i + 1, longest.node()));
        return;
      }
      ChainCopy.Entry mine = copy.blocks().get(i);
      ChainCopy.Entry other = longest.blocks().get(i);
      String where = "at height %d, %s and %s have ".formatted(i + 1, copy.node(), longest.node());
      if (!mine.block().equals(other.block())) {
        wrong(where + "different blocks");
      }
      if (!mine.receipts().equals(other.receipts())
          || !mine.receiptsRoot().equals(other.receiptsRoot())) {
        wrong(where + "different receipts");
      }
      if (!mine.stateRoot().equals(other.stateRoot())) {
        wrong(where + "different state roots");
      }
    }
  }

  private void index(ChainCopy copy) {
    long number = 0;
    for (int i = 0; i < copy.blocks().size(); i++) {
      List<Receipt> receipts = copy.blocks().get(i).receipts();
      for (int k = 0; k < receipts.size(); k++) {
        Receipt receipt = receipts.get(k);
        Place place = new Place(number, i + 1, k, receipt.outcome());
        number++;
        Place earlier = places.putIfAbsent(receipt.transactionHash(), place);
        if (earlier != null) {
          wrong(
              "the transaction %s stands twice: %s and %s"
                  .formatted(receipt.transactionHash(), earlier, place));
        }
      }
    }
  }

  private void nothingForeign() {
    Map<Digest, Place> foreign = new HashMap<>(places);
    attempts.forEach(attempt -> foreign.remove(attempt.transaction()));
    foreign.forEach(
        (hash, place) -> wrong("nobody submitted the transaction %s in %s".formatted(hash, place)));
  }

  private void attemptStands(Attempt attempt) {
    Place place = places.get(attempt.transaction());
    String what = "the transaction %s of %s".formatted(attempt.transaction(), attempt.client());
    if (attempt.acknowledgement().isPresent()) {
      Acknowledgement told = attempt.acknowledgement().get();
      if (place == null) {
        wrong(what + " was acknowledged and is lost");
      } else if (place.height() != told.height()
          || place.index() != told.index()
          || place.outcome() != told.outcome()) {
        wrong("%s was acknowledged as %s, but stands in %s".formatted(what, told, place));
      }
    }
    if (attempt.chained() && place == null) {
      wrong(what + " was never executed");
    } else if (attempt.chained() && place.outcome() != Receipt.Outcome.EXECUTED) {
      wrong("%s failed: %s; what it requires was acknowledged".formatted(what, place.outcome()));
    }
  }

  /**
   * A sweep over time: when a transaction is submitted, all that were acknowledged before must
   * stand before it, so the last of those must.
   */
  private void realTimeOrder() {
    List<Attempt> standing =
        attempts.stream().filter(attempt -> places.containsKey(attempt.transaction())).toList();
    List<Attempt> bySubmission =
        standing.stream().sorted(Comparator.comparingLong(Attempt::submittedNanos)).toList();
    List<Attempt> byAcknowledgement =
        standing.stream()
            .filter(attempt -> attempt.acknowledgement().isPresent())
            .sorted(Comparator.comparingLong(HistoryCheck::acknowledgedNanos))
            .toList();
    int acknowledged = 0;
    Attempt last = null;
    for (Attempt attempt : bySubmission) {
      while (acknowledged < byAcknowledgement.size()
          && acknowledgedNanos(byAcknowledgement.get(acknowledged)) < attempt.submittedNanos()) {
        Attempt earlier = byAcknowledgement.get(acknowledged);
        last = last == null || number(earlier) > number(last) ? earlier : last;
        acknowledged++;
      }
      if (last != null && number(last) > number(attempt)) {
        wrong(
            "the transaction %s of %s was acknowledged before %s of %s was submitted, but stands"
                    .formatted(
                        last.transaction(), last.client(), attempt.transaction(), attempt.client())
                + " behind it");
      }
    }
  }

  private long number(Attempt attempt) {
    return places.get(attempt.transaction()).number();
  }

  private static long acknowledgedNanos(Attempt attempt) {
    return attempt.acknowledgement().orElseThrow().atNanos();
  }

  private void counter(ChainCopy copy) {
    long executed =
        places.values().stream()
            .filter(place -> place.outcome() == Receipt.Outcome.EXECUTED)
            .count();
    if (copy.total() != executed) {
      wrong(
          "%s has counted to %d, but %d different transactions were executed"
              .formatted(copy.node(), copy.total(), executed));
    }
  }
}
