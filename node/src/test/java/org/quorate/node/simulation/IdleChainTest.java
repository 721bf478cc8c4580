package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.Transfer;

/** PROTOCOL.md, R16: a chain that nobody uses is quiet. */
final class IdleChainTest {
  private static final int STATUS =
      MessageCodec.encode(new Transfer.Status(0, true, 0, 0, 0, List.of()))[0];

  private static final int N = 4;

  /** With terms of three blocks, too: a primary without work keeps its office. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void onlyStatusIsSaidAndNoViewChanges(int rotationIntervalBlocks) {
    Configuration configuration =
        new Configuration(
            9,
            new Configuration.Shape(
                N, Configuration.LARGE_BLOCK_TRANSACTIONS, 8, rotationIntervalBlocks),
            Collections.emptySortedMap(),
            30,
            Weather.FINE,
            EnumSet.noneOf(Fault.class));
    Simulation simulation = new Simulation(configuration);
    Simulation.Result result = simulation.run();
    assertThat(result.height()).isPositive();
    // What the last block left to be done, such as the end of a term.
    simulation.pass(10L * Configuration.VIEW_TIMEOUT_MILLIS);
    List<String> before = simulation.nodes().stream().map(SimulatedNode::toString).toList();
    simulation.network().takeCounts();

    int timeouts = 200;
    simulation.pass((long) timeouts * Configuration.VIEW_TIMEOUT_MILLIS);

    assertThat(simulation.nodes().stream().map(SimulatedNode::toString)).isEqualTo(before);
    SortedMap<Integer, Long> counts = simulation.network().takeCounts();
    assertThat(counts).containsOnlyKeys(STATUS);
    // Each of them to three others once in two timeouts, or a little less often.
    assertThat(counts.get(STATUS)).isBetween(N * 3L * timeouts * 9 / 20, N * 3L * timeouts / 2);
  }
}
