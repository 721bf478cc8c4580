package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.simulation.SimulatedNetwork.Link;

/** Cuts that overlap each last as long as they were meant to. */
final class SimulatedNetworkTest {
  private static final Link LINK = new Link(new ReplicaId(0), new ReplicaId(1));
  private static final Link BACK = new Link(new ReplicaId(1), new ReplicaId(0));

  private final SimulatedNetwork network = new Simulation(Configuration.bearable(0)).network();

  @Test
  void cutIsOfOneDirection() {
    network.cut(List.of(LINK));

    assertThat(network.isCut(LINK)).isTrue();
    assertThat(network.isCut(BACK)).isFalse();
  }

  @Test
  void linkThatWasCutTwiceIsOpenOnceBothCutsHaveEnded() {
    network.cut(List.of(LINK, BACK));
    network.cut(List.of(LINK));

    network.mend(List.of(LINK, BACK));
    assertThat(network.isCut(LINK)).isTrue();
    assertThat(network.isCut(BACK)).isFalse();
    network.mend(List.of(LINK));
    assertThat(network.isCut(LINK)).isFalse();
  }

  @Test
  void healedLinkIsOpenHoweverOftenItWasCut() {
    network.cut(List.of(LINK));
    network.cut(List.of(LINK));

    network.heal();
    assertThat(network.isCut(LINK)).isFalse();
  }
}
