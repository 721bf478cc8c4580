package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.Evidence;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.store.MemoryStore;

/** What breaks a rule is found; what only looks like it is not. */
final class InvariantsTest {
  private static final ReplicaId CORRECT = new ReplicaId(0);
  private static final ReplicaId LIAR = new ReplicaId(2);

  private final TestChain chain = new TestChain(4);
  private final Invariants invariants =
      new Invariants(
          chain,
          Configuration.bearable(0).with(new TreeMap<>(Map.of(LIAR, Misconduct.EQUIVOCATION))));

  private Signed<Prepare> prepare(long view, BlockId block) {
    return chain.authenticator(LIAR).sign(new Prepare(view, block));
  }

  private List<Block> blocks(int count, int firstNonce) {
    List<Block> blocks = new ArrayList<>();
    BlockHeader parent = chain.spec().genesisHeader();
    for (int i = 0; i < count; i++) {
      blocks.add(chain.block(0, parent, chain.transaction(firstNonce + i)));
      parent = blocks.get(i).header();
    }
    return blocks;
  }

  private CommittedBlock committed(Block block) {
    return chain.committed(0, block, 0, 1, 3);
  }

  /** The ledger of a node that has executed these blocks. */
  private Ledger ledger(List<Block> blocks) throws LedgerException {
    Ledger ledger = Ledger.open(new MemoryStore(), chain.spec());
    for (Block block : blocks) {
      ledger.apply(committed(block));
    }
    return ledger;
  }

  /** A correct replica decides these blocks and gets what that ledger says. */
  private void finish(List<Block> blocks, Ledger ledger) throws LedgerException {
    for (Block block : blocks) {
      invariants.decided(CORRECT, committed(block));
      invariants.executed(CORRECT, ledger.checkpoint(block.height()).orElseThrow());
    }
  }

  @Test
  void evidenceHoldsIfItProvesToAnybodyThatTheReplicaIsFaulty() {
    List<Block> one = blocks(1, 1);
    List<Block> other = blocks(1, 2);
    Evidence twoPrepares = new Evidence(prepare(0, one.get(0).id()), prepare(0, other.get(0).id()));

    assertThatCode(() -> invariants.evidence(CORRECT, twoPrepares)).doesNotThrowAnyException();
  }

  @Test
  void evidenceThatProvesNothingIsFound() {
    List<Block> one = blocks(1, 1);
    List<Block> other = blocks(1, 2);
    Signed<Prepare> first = prepare(0, one.get(0).id());
    Signed<Prepare> ofAnotherChain =
        new TestChain(7).authenticator(LIAR).sign(new Prepare(0, other.get(0).id()));
    Evidence ofTwoViews = new Evidence(first, prepare(1, other.get(0).id()));

    assertThatThrownBy(() -> invariants.evidence(CORRECT, ofTwoViews))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("evidence");
    assertThatThrownBy(() -> invariants.evidence(CORRECT, new Evidence(first, ofAnotherChain)))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("evidence that does not hold");
  }

  @Test
  void blocksOfADiskThatWasLostAreComparedAgainFromTheFirstOn() throws LedgerException {
    List<Block> blocks = blocks(2, 1);
    try (Ledger ledger = ledger(blocks);
        Ledger another = ledger(blocks(2, 3))) {
      finish(blocks, ledger);
      invariants.holds(CORRECT, ledger);
      invariants.holds(CORRECT, another); // nothing is new: it is not looked at
      invariants.lost(CORRECT, true);

      assertThatThrownBy(() -> invariants.holds(CORRECT, another))
          .isInstanceOf(Violation.class)
          .hasMessageContaining("holds another block");
    }
  }

  @Test
  void onlyBlocksThatWereDecidedMayWaitInAJournalInNumbers() throws LedgerException {
    List<Block> blocks = blocks(200, 1);
    List<JournalRecord> live =
        blocks.stream().<JournalRecord>map(JournalRecord.Accepted::new).toList();

    assertThatThrownBy(() -> invariants.holds(CORRECT, live, 0))
        .isInstanceOf(Violation.class)
        .hasMessageContaining("other live records");
    try (Ledger ledger = ledger(blocks)) {
      finish(blocks, ledger);
    }
    assertThatCode(() -> invariants.holds(CORRECT, live, 0)).doesNotThrowAnyException();
  }
}
