package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;

/**
 * PROTOCOL.md, R11 and R12: what starts the view timer of replica 2 of four anew, and what does not
 * though a faulty primary would like it to.
 */
final class ViewTimerTest {
  private static final long T = TestChain.PARAMETERS.viewTimeoutMillis();

  private final TestChain chain = new TestChain(4);
  private final SingleReplica replica = new SingleReplica(chain, 2);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block first = chain.block(0, genesis, chain.transaction(1));
  private final Block second = chain.block(0, first.header(), chain.transaction(2));

  /** How often the view timer was set since the last forget. */
  private long timerSettings() {
    return replica.outputs().stream()
        .flatMap(output -> output.timers().stream())
        .filter(setting -> setting.timer() == Timer.VIEW)
        .count();
  }

  private List<Long> viewsWanted() {
    return replica.said(ViewChange.class).stream().map(ViewChange::newView).toList();
  }

  private Transfer.CommittedBlocks committed(long view, Block block) {
    return new Transfer.CommittedBlocks(
        List.of(
            new Transfer.CommittedBlocks.Item(
                chain.committed(view, block, 0, 1, 3), Optional.empty())));
  }

  @BeforeEach
  void aTransactionWaits() {
    replica.pending(true);
    replica.forget();
  }

  @Test
  void proposalsAndVotesAreNoProgress() {
    replica.hearProposal(first);
    replica.hearProposal(second);
    replica.hearPrepares(0, second, 1, 3);
    replica.hearCommits(0, first, 1);
    assertThat(replica.said(Prepare.class)).hasSize(2);
    assertThat(replica.said(Commit.class)).hasSize(2);
    assertThat(timerSettings()).isZero();
  }

  @Test
  void newFinalBlockIsProgress() {
    replica.finish(first, 1, 3);
    assertThat(timerSettings()).isPositive();
    assertThat(replica.viewTimer()).hasValue(T);
  }

  @Test
  void finalBlockShownAgainIsNoProgress() {
    replica.finish(first, 1, 3);
    replica.forget();
    replica.hear(0, committed(0, first));
    replica.hearCommits(0, first, 0);
    replica.hear(0, committed(5, first));
    assertThat(timerSettings()).isZero();
  }

  @Test
  void newViewShownAgainIsNoProgress() {
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    replica.forget();
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 2));
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    assertThat(timerSettings()).isZero();
  }

  @Test
  void viewChangesOfFReplicasAreNoProgress() {
    for (long view = 1; view < 10; view++) {
      replica.hearViewChange(view, Optional.empty(), 3);
    }
    assertThat(timerSettings()).isZero();
  }

  @Test
  void newViewAloneDoesNotBringTheTimeoutDown() {
    replica.fire(Timer.VIEW);
    replica.hearViewChange(1, Optional.empty(), 0, 1);
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    assertThat(replica.viewTimer()).hasValue(2 * T);
    replica.finish(chain.block(1, genesis, chain.transaction(1)), 0, 3);
    assertThat(replica.viewTimer()).hasValue(T);
  }

  @Test
  void primaryThatAQuorumWaitsForInVainIsPassedOver() {
    replica.fire(Timer.VIEW);
    replica.hearViewChange(1, Optional.empty(), 0, 3);
    replica.fire(Timer.VIEW);
    replica.hearViewChange(2, Optional.empty(), 0, 1);
    assertThat(viewsWanted()).containsExactly(1L, 2L);
  }

  @Test
  void suspectedPrimaryIsLeftThoughBlocksBecomeFinal() {
    replica.finish(first, 1, 3);
    replica.pending(false);
    replica.step(new Input.Suspected(0));
    replica.hearAsked(1, 0, 3);
    assertThat(viewsWanted()).containsExactly(1L);
    assertThat(replica.journal()).contains(new JournalRecord.ViewLeft(1));
  }

  @Test
  void suspicionOfAViewThatWasLeftIsIgnored() {
    replica.step(new Input.Suspected(0));
    replica.hearAsked(1, 0, 3);
    replica.step(new Input.Suspected(0));
    replica.step(new Input.Suspected(1));
    assertThat(replica.status().wantedView()).isEqualTo(1);
    replica.hearNewView(replica.newView(1, Optional.empty(), 0, 1, 3));
    replica.step(new Input.Suspected(0));
    assertThat(replica.status().wantedView()).isEqualTo(1);
  }

  /** R16: nothing waits, so only STATUS is said, once in 2 T, and no timer but its own runs. */
  @Test
  void idleReplicaSaysOnlyWhereItStands() {
    replica.finish(first, 1, 3);
    replica.execute();
    replica.pending(false);
    replica.hearCheckpoints(replica.ledger().checkpoint(1), 1, 3);
    assertThat(replica.viewTimer()).isEmpty();
    replica.forget();
    for (int tick = 0; tick < 80; tick++) {
      replica.fire(Timer.STATUS);
    }
    assertThat(replica.sent()).hasSize(10).allMatch(Transfer.Status.class::isInstance);
    assertThat(timerSettings()).isZero();
    assertThat(replica.outputs()).allMatch(output -> output.journal().isEmpty());
  }
}
