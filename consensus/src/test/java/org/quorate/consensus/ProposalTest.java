package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.ledger.chain.Block;

/** PROTOCOL.md, R1: replica 0 of four, the primary of view 0. */
final class ProposalTest {
  private final TestChain chain = new TestChain(4);
  private final SingleReplica primary = new SingleReplica(chain, 0);

  private List<Block> proposed() {
    return primary.said(PrePrepare.class).stream().map(PrePrepare::block).toList();
  }

  @Test
  void backupIsOfferedNoSlot() {
    assertThat(new SingleReplica(chain, 1).slot()).isEmpty();
  }

  @Test
  void primaryProposesWithoutWaitingForTheBlockBefore() {
    primary.propose(chain.transaction(1));
    primary.propose(chain.transaction(2));
    assertThat(proposed()).hasSize(2);
    assertThat(proposed().get(1).header().parentHash()).isEqualTo(proposed().get(0).hash());
    assertThat(primary.slot().orElseThrow().inFlight()).isEqualTo(2);
  }

  @Test
  void primarySendsNoPrepareBesideItsPrePrepare() {
    primary.propose(chain.transaction(1));
    assertThat(primary.said(Prepare.class)).isEmpty();
    primary.hearPrepares(0, proposed().get(0), 1);
    assertThat(primary.said(Commit.class)).isEmpty();
    primary.hearPrepares(0, proposed().get(0), 2);
    assertThat(primary.said(Commit.class)).hasSize(1);
  }

  @Test
  void primaryPersistsItsProposalBeforeItLeaves() {
    primary.forget();
    primary.propose(chain.transaction(1));
    Block block = proposed().get(0);
    assertThat(primary.outputs().get(0).journal())
        .containsExactly(new JournalRecord.Accepted(block), new JournalRecord.Voted(0, block.id()));
  }

  @Test
  void primaryStopsAtTheEndOfTheWindow() {
    int window = chain.spec().parameters().windowBlocks();
    for (int i = 1; i <= window; i++) {
      primary.propose(chain.transaction(i));
    }
    assertThat(primary.slot()).isEmpty();
  }

  @Test
  void transactionsInTheChainAreLeftOutOfAProposal() {
    primary.propose(chain.transaction(1), chain.transaction(1), chain.transaction(0, 1, "other"));
    primary.propose(chain.transaction(1), chain.transaction(2));
    assertThat(proposed().get(0).transactions()).containsExactly(chain.transaction(1));
    assertThat(proposed().get(1).transactions()).containsExactly(chain.transaction(2));
  }

  @Test
  void nothingIsProposedWhenNoTransactionIsFresh() {
    primary.propose(chain.transaction(1));
    primary.propose(chain.transaction(1));
    assertThat(proposed()).hasSize(1);
    primary.propose();
    assertThat(proposed()).hasSize(1);
  }

  @Test
  void slotThatHasPassedIsIgnored() {
    ProposalSlot slot = primary.slot().orElseThrow();
    primary.propose(chain.transaction(1));
    primary.step(
        new Input.Proposal(slot, List.of(chain.transaction(2)), TestChain.GENESIS_MILLIS + 60_000));
    assertThat(proposed()).hasSize(1);
  }

  @Test
  void timestampsRiseEvenWhenTheClockStandsStill() {
    primary.propose(chain.transaction(1));
    primary.propose(chain.transaction(2));
    assertThat(proposed().get(1).header().timestampMillis())
        .isGreaterThan(proposed().get(0).header().timestampMillis());
  }

  @Test
  void soleValidatorDecidesByItself() {
    SingleReplica alone = new SingleReplica(new TestChain(1), 0);
    alone.propose(new TestChain(1).transaction(1));
    assertThat(alone.decidedBlocks()).hasSize(1);
    alone.execute();
    assertThat(alone.status().stableHeight()).isEqualTo(1);
  }
}
