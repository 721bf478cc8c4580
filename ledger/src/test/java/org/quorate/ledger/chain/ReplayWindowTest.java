package org.quorate.ledger.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.chain.ReplayWindow.Freshness;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

final class ReplayWindowTest {
  @Test
  void windowReaches1023BackFromTheHighest() {
    ReplayWindow window = ReplayWindow.EMPTY.with(2_000);
    assertThat(window.highest()).isEqualTo(2_000);
    assertThat(window.freshness(2_000)).isEqualTo(Freshness.REPEATED);
    assertThat(window.freshness(1_999)).isEqualTo(Freshness.FRESH);
    assertThat(window.freshness(977)).isEqualTo(Freshness.FRESH);
    assertThat(window.freshness(976)).isEqualTo(Freshness.TOO_OLD);
    assertThat(window.with(977).freshness(977)).isEqualTo(Freshness.REPEATED);
    assertThat(window.with(977).with(2_001).freshness(977)).isEqualTo(Freshness.TOO_OLD);
    assertThat(window.freshness(Long.MAX_VALUE)).isEqualTo(Freshness.FRESH);
    assertThat(window.with(Long.MAX_VALUE).freshness(1)).isEqualTo(Freshness.TOO_OLD);
  }

  @Test
  void nonceThatIsNotFreshIsNotUsed() {
    ReplayWindow window = ReplayWindow.EMPTY.with(5_000);
    for (long nonce : new long[] {5_000, 3_976, 0, -1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> window.with(nonce)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> ReplayWindow.EMPTY.with(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Against the definition: the set of all nonces used, of which the last 1,024 are told. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void windowAnswersAsTheSetOfAllNoncesWould(long seed) throws MalformedException {
    Random random = new Random(seed);
    TreeSet<Long> used = new TreeSet<>();
    ReplayWindow window = ReplayWindow.EMPTY;
    for (int step = 0; step < 3_000; step++) {
      long highest = used.isEmpty() ? 0 : used.last();
      long jump = random.nextInt(50) == 0 ? 3_000 : random.nextInt(20) == 0 ? 200 : 3;
      long nonce = Math.max(1, highest + jump - random.nextInt(step % 7 == 0 ? 2_200 : 9));
      Freshness expected =
          nonce <= highest - ReplayWindow.SIZE
              ? Freshness.TOO_OLD
              : used.contains(nonce) ? Freshness.REPEATED : Freshness.FRESH;
      assertThat(window.freshness(nonce)).as("nonce %d at %d", nonce, highest).isEqualTo(expected);
      if (expected == Freshness.FRESH) {
        window = window.with(nonce);
        used.add(nonce);
      }
      assertThat(window.highest()).isEqualTo(used.last());
      if (step % 100 == 0) {
        window = Decoder.decode(window.encoded(), ReplayWindow::decode);
      }
    }
  }

  @Test
  void equalHistoriesInAnyOrderGiveEqualWindows() {
    assertThat(ReplayWindow.EMPTY.with(3).with(70).with(1))
        .isEqualTo(ReplayWindow.EMPTY.with(1).with(3).with(70))
        .isNotEqualTo(ReplayWindow.EMPTY.with(1).with(70));
  }

  @Test
  void windowThatNoHistoryGivesIsRefused() {
    byte[] highestUnused = new Encoder().u64(5).fixed(new byte[128]).toBytes();
    byte[] usedBelowOne = ReplayWindow.EMPTY.with(3).encoded();
    usedBelowOne[15] |= 0b1000; // nonce 0
    byte[] usedWithoutHighest = ReplayWindow.EMPTY.encoded();
    usedWithoutHighest[20] = 1;
    for (byte[] bytes : new byte[][] {highestUnused, usedBelowOne, usedWithoutHighest}) {
      assertThatThrownBy(() -> Decoder.decode(bytes, ReplayWindow::decode))
          .isInstanceOf(MalformedException.class);
    }
  }
}
