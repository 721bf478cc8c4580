package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * PROTOCOL.md, R13 and R15: replicas 0 to 2 of four are correct. A block was prepared at replica 3
 * alone, which kept the certificate to itself until nobody else had the block any more.
 */
final class HiddenCertificateTest {
  private static final int WINDOW = TestChain.PARAMETERS.windowBlocks();
  private static final int LIAR = 3;

  /** Led by replica 0; views 3, 7, 11 and so on are the liar's. */
  private static final long LAST_VIEW = 24;

  private final TestChain chain = new TestChain(4);
  private final List<SingleReplica> correct =
      List.of(
          new SingleReplica(chain, 0), new SingleReplica(chain, 1), new SingleReplica(chain, 2));

  /** How many messages of one each other has heard. */
  private final int[][] heard = new int[3][3];

  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final Block hidden = chain.block(3, genesis, chain.transaction(1));
  private final Optional<QuorumCertificate> certificate =
      Optional.of(chain.prepared(3, hidden.id(), 0, 1, 2));

  /** The three vote for the block; then so many views come to nothing that they drop it. */
  @BeforeEach
  void hideTheCertificate() {
    beginAtGenesis(3);
    for (SingleReplica replica : correct) {
      replica.hearProposal(hidden);
      assertThat(replica.liveRecords()).contains(new JournalRecord.Accepted(hidden));
    }
    for (long view = 7; view < LAST_VIEW; view += 4) {
      beginAtGenesis(view);
      BlockHeader parent = genesis;
      for (int i = 0; i < WINDOW; i++) {
        Block block = chain.block(view, parent, chain.transaction(100 * view + i));
        correct.forEach(replica -> replica.hearProposal(block));
        parent = block.header();
      }
    }
    for (SingleReplica replica : correct) {
      assertThat(replica.liveRecords()).doesNotContain(new JournalRecord.Accepted(hidden));
      replica.forget();
    }
  }

  private void beginAtGenesis(long view) {
    for (int i = 0; i < correct.size(); i++) {
      SingleReplica replica = correct.get(i);
      int[] others = i == 0 ? new int[] {1, 2, LIAR} : new int[] {0, 3 - i, LIAR};
      replica.hearNewView(replica.newView(view, Optional.empty(), others));
    }
  }

  /** Delivers what some of them say to each other until they have no more to say. */
  private void talk(int... among) {
    boolean said = true;
    while (said) {
      said = false;
      for (int from : among) {
        for (int to : among) {
          List<Message> messages = correct.get(from).sentFor(to);
          for (; to != from && heard[from][to] < messages.size(); heard[from][to]++) {
            correct.get(to).hear(from, messages.get(heard[from][to]));
            said = true;
          }
        }
      }
    }
  }

  /** All lose patience, and the liar comes along with its certificate. */
  private void askForTheLastView() {
    for (SingleReplica replica : correct) {
      replica.pending(true);
      replica.fire(Timer.VIEW);
      replica.hearViewChange(LAST_VIEW, certificate, LIAR);
    }
  }

  private void assertThatTheViewBearsFruit() {
    correct.get(0).propose(chain.transaction(2_000));
    talk(0, 1, 2);
    for (SingleReplica replica : correct) {
      assertThat(replica.status().view()).isEqualTo(LAST_VIEW);
      assertThat(replica.decidedBlocks().get(replica.decidedBlocks().size() - 1).transactions())
          .containsExactly(chain.transaction(2_000));
    }
  }

  @Test
  void certificateIsLeftOutWhileNobodyGivesOutItsBlock() {
    askForTheLastView();
    talk(0, 1, 2);
    assertThatTheViewBearsFruit();
    assertThat(correct.get(2).decidedBlocks()).doesNotContain(hidden);
  }

  @Test
  void blockThatThePrimaryAloneGotComesToAllFromThere() {
    askForTheLastView();
    talk(0, 1);
    assertThat(correct.get(0).said(NewView.class)).isEmpty();
    assertThat(correct.get(0).sentTo(LIAR)).contains(new Transfer.FetchProposed(hidden.id(), 0));
    correct.get(0).hear(LIAR, new Transfer.ProposedBlocks(List.of(hidden)));
    talk(0, 1, 2);
    assertThatTheViewBearsFruit();
    assertThat(correct.get(2).decidedBlocks()).contains(hidden);
  }
}
