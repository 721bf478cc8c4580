package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.chain.ChainParameters;

class SlowStartTest {
  /** At most 1,000 transactions in a block, a view timeout of 2 s. */
  private final SlowStart start = new SlowStart(ChainParameters.DEFAULTS);

  private void decided(int transactions, long millis) {
    start.decided(transactions, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void fullBlocksThatAreFinalFastDoubleUpToTheLimitOfTheChain() {
    assertThat(start.limit()).isEqualTo(100);
    decided(100, 200);
    assertThat(start.limit()).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      decided(start.limit(), 200);
    }
    assertThat(start.limit()).isEqualTo(1_000);
  }

  @Test
  void smallBlocksTellNothingAboutLargeOnes() {
    decided(50, 1);
    assertThat(start.limit()).isEqualTo(100);
  }

  @Test
  void slowBlocksHalveAndANewViewBeginsAnew() {
    decided(100, 1);
    decided(200, 1);
    decided(400, 501);
    assertThat(start.limit()).isEqualTo(400);
    decided(400, 1_001);
    assertThat(start.limit()).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      decided(100, 1_500);
    }
    assertThat(start.limit()).isEqualTo(100);
    decided(100, 1);
    start.restart();
    assertThat(start.limit()).isEqualTo(100);
  }

  @Test
  void aChainOfSmallBlocksKeepsItsLimit() {
    SlowStart small = new SlowStart(new ChainParameters(4, 4_096, 1_024, 8, 20, 2_000, 500, 0));
    small.decided(4, 1);
    assertThat(small.limit()).isEqualTo(4);
    small.decided(4, TimeUnit.SECONDS.toNanos(2));
    assertThat(small.limit()).isEqualTo(4);
  }
}
