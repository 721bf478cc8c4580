package org.quorate.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  private static final int NODES = 4;

  private static List<Episode> episodes(long seed, int count) {
    Schedule schedule = new Schedule(seed, NODES);
    return Stream.generate(schedule::next).limit(count).toList();
  }

  @Test
  void aSeedDecidesEverything() {
    assertThat(episodes(7, 50)).isEqualTo(episodes(7, 50)).isNotEqualTo(episodes(8, 50));
  }

  @Test
  void everyKindOfFaultIsDealtInTheFirstDozenEpisodes() {
    for (long seed = 0; seed < 20; seed++) {
      Set<Class<?>> kinds =
          episodes(seed, 13).stream()
              .flatMap(episode -> episode.faults().stream())
              .map(Object::getClass)
              .collect(Collectors.toSet());
      assertThat(kinds).hasSameElementsAs(List.of(Fault.class.getPermittedSubclasses()));
    }
  }

  @Test
  void aSplitLeavesNoQuorumOnEitherSide() {
    assertThat(
            episodes(3, 200).stream()
                .flatMap(episode -> episode.faults().stream())
                .filter(Fault.Split.class::isInstance)
                .map(fault -> ((Fault.Split) fault).part()))
        .isNotEmpty()
        .allSatisfy(part -> assertThat(part).hasSize(NODES / 2).doesNotHaveDuplicates());
  }
}
