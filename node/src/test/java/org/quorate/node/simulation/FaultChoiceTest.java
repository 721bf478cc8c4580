package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What users ask for by name happens, and nothing else does. */
final class FaultChoiceTest {
  private static final int SEEDS = 60;
  private static final int N = 4;

  static Set<String> words() {
    return FaultChoice.words();
  }

  @ParameterizedTest
  @MethodSource("words")
  void whatIsNamedHappensAloneInSomeRun(String word) {
    FaultChoice choice = FaultChoice.of(List.of(word));
    FaultCounts counts = new FaultCounts();
    for (long seed = 0; seed < SEEDS && !happened(choice, counts); seed++) {
      counts.addAll(new Simulation(Configuration.of(seed, N, choice)).run().faults());
    }
    assertThat(happened(choice, counts)).as(word + " in " + counts).isTrue();
    assertThat(counts.byName().keySet()).allMatch(name -> mayHappen(name, word));
  }

  private static boolean happened(FaultChoice choice, FaultCounts counts) {
    return choice.faults().stream().allMatch(fault -> counts.of(fault) > 0)
        && choice.misconduct().stream().allMatch(kind -> counts.of(kind) > 0);
  }

  /**
   * A link that is cut loses messages, and a node that dies what it has not synced; and what a
   * faulty replica does can be proven.
   */
  private static boolean mayHappen(String name, String word) {
    return name.equals(word)
        || name.equals(Fault.MISCONDUCT.word())
        || name.equals("misconduct " + word)
        || name.startsWith("evidence ")
        || name.equals(Fault.LOSS.word())
        || name.equals(Fault.UNSYNCED.word());
  }
}
