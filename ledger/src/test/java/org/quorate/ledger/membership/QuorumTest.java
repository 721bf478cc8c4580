package org.quorate.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuorumTest {
  /** Castro & Liskov, OSDI '99, §3: 2f+1 of 3f+1. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 1",
    "2, 0, 2",
    "3, 0, 2",
    "4, 1, 3",
    "5, 1, 4",
    "6, 1, 4",
    "7, 2, 5",
    "10, 3, 7"
  })
  void quorumIsTheKnownOne(int n, int f, int quorum) {
    assertThat(new Quorum(n).f()).isEqualTo(f);
    assertThat(new Quorum(n).quorum()).isEqualTo(quorum);
    assertThat(new Quorum(n).weakQuorum()).isEqualTo(f + 1);
  }

  @Test
  void anyTwoQuorumsShareACorrectReplicaAndTheCorrectOnesFormOne() {
    for (int n = 1; n <= ValidatorSet.VALIDATORS_MAX; n++) {
      Quorum quorum = new Quorum(n);
      assertThat(2 * quorum.quorum() - n).isGreaterThan(quorum.f());
      assertThat(n - quorum.f()).isGreaterThanOrEqualTo(quorum.quorum());
      assertThat(3 * quorum.f()).isLessThan(n);
      assertThat(quorum.weakQuorum()).isLessThanOrEqualTo(quorum.quorum());
    }
  }

  @Test
  void noValidatorsAreRefused() {
    assertThatThrownBy(() -> new Quorum(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
