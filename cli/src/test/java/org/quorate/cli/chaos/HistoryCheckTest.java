package org.quorate.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.crypto.Digest;

/** A checker that finds nothing proves nothing: each history here is spoilt in one place. */
final class HistoryCheckTest {
  private static final int NODES = 4;

  /** Blocks of an honest run: a, b and c by one client, w by one that walked away. */
  private final List<List<Receipt>> blocks =
      new ArrayList<>(
          List.of(
              List.of(executed("a")),
              List.of(executed("b"), executed("w")),
              List.of(executed("c"))));

  private final List<Attempt> attempts =
      new ArrayList<>(
          List.of(
              acknowledged("a", 1, 10, 20),
              acknowledged("b", 2, 30, 40),
              acknowledged("c", 3, 50, 60),
              walkedAway("w", 12)));

  private final List<ChainCopy> copies = new ArrayList<>();

  private static Digest digest(String name) {
    return Digest.sha256(name.getBytes(StandardCharsets.UTF_8));
  }

  private static Receipt executed(String name) {
    return new Receipt(digest(name), Receipt.Outcome.EXECUTED, 0);
  }

  private static Attempt acknowledged(String name, long height, long submitted, long told) {
    return new Attempt(
        "steady",
        digest(name),
        true,
        submitted,
        Optional.of(new Acknowledgement(told, height, 0, Receipt.Outcome.EXECUTED)));
  }

  private static Attempt walkedAway(String name, long submitted) {
    return new Attempt("fickle", digest(name), false, submitted, Optional.empty());
  }

  private static ChainCopy.Entry entry(List<Receipt> receipts, int height) {
    return new ChainCopy.Entry(
        digest("block " + height + receipts),
        receipts,
        Receipt.root(receipts),
        digest("state " + height),
        true);
  }

  private ChainCopy copy(int node) {
    List<ChainCopy.Entry> entries = new ArrayList<>();
    for (List<Receipt> receipts : blocks) {
      entries.add(entry(receipts, entries.size() + 1));
    }
    return new ChainCopy("node" + node, entries, 4, List.of());
  }

  private List<String> violations() {
    for (int node = copies.size(); node < NODES; node++) {
      copies.add(copy(node));
    }
    return HistoryCheck.violations(attempts, copies);
  }

  private static ChainCopy with(ChainCopy copy, List<ChainCopy.Entry> entries) {
    return new ChainCopy(copy.node(), entries, copy.total(), copy.faults());
  }

  @Test
  void anHonestHistoryHasNoViolations() {
    assertThat(violations()).isEmpty();
  }

  @Test
  void aLostTransactionIsFound() {
    blocks.set(2, List.of(executed("unknown")));
    assertThat(violations())
        .anyMatch(wrong -> wrong.contains(digest("c") + " of steady was acknowledged and is lost"))
        .anyMatch(wrong -> wrong.contains("nobody submitted the transaction " + digest("unknown")));
  }

  @Test
  void aTransactionThatStandsTwiceIsFound() {
    blocks.add(List.of(executed("a")));
    assertThat(violations())
        .containsExactly(
            "the transaction "
                + digest("a")
                + " stands twice: block 1, place 0 and block 4, place 0");
  }

  @Test
  void aTransactionElsewhereThanTheProofSaidIsFound() {
    blocks.set(1, List.of(executed("w"), executed("b")));
    assertThat(violations())
        .singleElement()
        .asString()
        .contains(digest("b").toString(), "height=2, index=0", "stands in block 2, place 1");
  }

  @Test
  void aTransactionInAnotherBlockThanTheProofSaidIsFound() {
    attempts.set(1, acknowledged("b", 3, 30, 40));
    assertThat(violations())
        .singleElement()
        .asString()
        .contains(digest("b").toString(), "height=3, index=0", "stands in block 2, place 0");
  }

  @Test
  void anOutcomeOtherThanTheProofSaidIsFound() {
    blocks.set(0, List.of(new Receipt(digest("a"), Receipt.Outcome.REQUIREMENT_FAILED, 0)));
    assertThat(violations())
        .anyMatch(wrong -> wrong.contains("was acknowledged as"))
        .anyMatch(wrong -> wrong.contains("failed: REQUIREMENT_FAILED"))
        .anyMatch(wrong -> wrong.contains("node3 has counted to 4, but 3"));
  }

  @Test
  void anOrderAgainstRealTimeIsFoundEvenIfEveryProofIsRight() {
    attempts.set(1, acknowledged("b", 2, 61, 70));
    assertThat(violations())
        .containsExactly(
            "the transaction %s of steady was acknowledged before %s of steady was submitted, but stands behind it"
                .formatted(digest("c"), digest("b")));
  }

  @Test
  void anOrderAgainstRealTimeIsFoundForOneWhoWasNeverTold() {
    attempts.set(3, walkedAway("w", 61));
    assertThat(violations()).singleElement().asString().contains(digest("w") + " of fickle");
  }

  @Test
  void transactionsUnderWayAtTheSameTimeMayStandInAnyOrder() {
    attempts.set(1, acknowledged("b", 2, 60, 70));
    assertThat(violations()).isEmpty();
  }

  @Test
  void aTransactionThatMustBeExecutedAndIsNotIsFound() {
    attempts.add(new Attempt("steady", digest("d"), true, 70, Optional.empty()));
    assertThat(violations())
        .containsExactly("the transaction " + digest("d") + " of steady was never executed");
  }

  @Test
  void aTransactionOfOneWhoWalkedAwayNeedNotStandAnywhere() {
    attempts.add(walkedAway("x", 70));
    assertThat(violations()).isEmpty();
  }

  @Test
  void differingBlocksAreFound() {
    List<ChainCopy.Entry> entries = new ArrayList<>(copy(0).blocks());
    ChainCopy.Entry second = entries.get(1);
    entries.set(
        1,
        new ChainCopy.Entry(
            digest("other"), second.receipts(), second.receiptsRoot(), second.stateRoot(), true));
    copies.add(copy(0));
    copies.add(with(copy(1), entries));
    assertThat(violations()).containsExactly("at height 2, node1 and node0 have different blocks");
  }

  @Test
  void differingReceiptsAreFound() {
    List<Receipt> swapped = new ArrayList<>(blocks.get(1));
    Collections.reverse(swapped);
    List<ChainCopy.Entry> entries = new ArrayList<>(copy(0).blocks());
    ChainCopy.Entry second = entries.get(1);
    entries.set(
        1,
        new ChainCopy.Entry(
            second.block(), swapped, second.receiptsRoot(), second.stateRoot(), true));
    copies.add(copy(0));
    copies.add(with(copy(1), entries));
    assertThat(violations())
        .containsExactly("at height 2, node1 and node0 have different receipts");
  }

  @Test
  void differingStatesAreFound() {
    List<ChainCopy.Entry> entries = new ArrayList<>(copy(0).blocks());
    ChainCopy.Entry last = entries.get(2);
    entries.set(
        2,
        new ChainCopy.Entry(
            last.block(), last.receipts(), last.receiptsRoot(), digest("other"), true));
    copies.add(copy(0));
    copies.add(with(copy(1), entries));
    assertThat(violations())
        .containsExactly("at height 3, node1 and node0 have different state roots");
  }

  @Test
  void aNodeThatLacksABlockIsFound() {
    copies.add(copy(0));
    copies.add(with(copy(1), copy(1).blocks().subList(0, 2)));
    assertThat(violations()).containsExactly("node1 lacks block 3, which node0 has");
  }

  @Test
  void aBlockThatOneNodeCannotProveIsFound() {
    List<ChainCopy.Entry> entries = new ArrayList<>(copy(0).blocks());
    entries.set(0, unproven(entries.get(0)));
    copies.add(copy(1));
    copies.add(with(copy(0), entries));
    assertThat(violations()).containsExactly("node0 cannot prove the result of block 1");
  }

  private static ChainCopy.Entry unproven(ChainCopy.Entry entry) {
    return new ChainCopy.Entry(
        entry.block(), entry.receipts(), entry.receiptsRoot(), entry.stateRoot(), false);
  }

  @Test
  void aCounterThatCountedTwiceIsFound() {
    copies.add(new ChainCopy("node0", copy(0).blocks(), 5, List.of()));
    assertThat(violations())
        .containsExactly("node0 has counted to 5, but 4 different transactions were executed");
  }

  @Test
  void whatDoesNotHoldInOneCopyIsTold() {
    copies.add(new ChainCopy("node0", copy(0).blocks(), 4, List.of("block 2: a forged proof")));
    assertThat(violations()).containsExactly("node0: block 2: a forged proof");
  }
}
