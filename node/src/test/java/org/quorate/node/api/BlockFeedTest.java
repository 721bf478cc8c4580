package org.quorate.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.node.NodeLimits;
import org.quorate.node.mempool.TestChain;

final class BlockFeedTest {
  /** Remembers the heights it is told. */
  private static class Heights implements BlockEvents.Listener {
    final List<Long> executed = new ArrayList<>();
    final List<Long> certified = new ArrayList<>();

    @Override
    public void executed(ExecutedBlock block) {
      executed.add(block.height());
    }

    @Override
    public void certified(CheckpointCertificate certificate) {
      certified.add(certificate.height());
    }
  }

  @Test
  void subscribersAreToldInOrderUntilTheyLeave() {
    try (TestNode node = new TestNode()) {
      Heights heights = new Heights();
      assertThat(node.feed.subscribe(heights)).isTrue();
      node.order(List.of(node.chain.transaction(TestChain.ALICE, 1)));
      node.certify();
      node.order(List.of(node.chain.transaction(TestChain.ALICE, 2)));
      node.feed.unsubscribe(heights);
      node.order(List.of(node.chain.transaction(TestChain.ALICE, 3)));
      assertThat(heights.executed).containsExactly(1L, 2L);
      assertThat(heights.certified).containsExactly(1L);
    }
  }

  @Test
  void aSubscriberThatThrowsIsCutOffAndTheOthersAreTold() {
    try (TestNode node = new TestNode()) {
      int[] thrown = {0};
      node.feed.subscribe(
          new Heights() {
            @Override
            public void executed(ExecutedBlock block) {
              thrown[0]++;
              throw new IllegalStateException("broken");
            }
          });
      Heights heights = new Heights();
      node.feed.subscribe(heights);
      node.order(List.of(node.chain.transaction(TestChain.ALICE, 1)));
      node.order(List.of(node.chain.transaction(TestChain.ALICE, 2)));
      assertThat(heights.executed).containsExactly(1L, 2L);
      assertThat(thrown[0]).isEqualTo(1);
    }
  }

  @Test
  void thereIsALimitToSubscribers() {
    BlockFeed feed = new BlockFeed();
    for (int i = 0; i < NodeLimits.BLOCK_SUBSCRIPTIONS_MAX; i++) {
      assertThat(feed.subscribe(new Heights())).isTrue();
    }
    assertThat(feed.subscribe(new Heights())).isFalse();
  }
}
