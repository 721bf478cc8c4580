package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpreadTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 656, 1_000, 11_184})
  void everyPlaceIsTakenOnce(long size) {
    Spread spread = new Spread(size);
    assertThat(LongStream.range(0, size).map(spread::place).sorted().toArray())
        .isEqualTo(LongStream.range(0, size).toArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {656, 11_184})
  void aTenthOfTheNumbersReachesEveryTenthOfThePlaces(long size) {
    Spread spread = new Spread(size);
    assertThat(
            LongStream.range(0, size / 10)
                .map(number -> 10 * spread.place(number) / size)
                .distinct()
                .count())
        .isEqualTo(10);
  }
}
