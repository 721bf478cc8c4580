package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerLaneTest {
  private final ArrayDeque<Runnable> line = new ArrayDeque<>();
  private final List<String> opened = new ArrayList<>();

  private PeerLane lane(String peer) {
    return new PeerLane(line::add, payload -> opened.add(peer + payload[0]));
  }

  private void runAll() {
    while (!line.isEmpty()) {
      line.remove().run();
    }
  }

  private static byte[] payload(int number) {
    return new byte[] {(byte) number};
  }

  @Test
  void payloadsOfAPeerAreOpenedInOrderAndPeersTakeTurns() {
    PeerLane a = lane("a");
    PeerLane b = lane("b");
    a.offer(payload(1));
    a.offer(payload(2));
    a.offer(payload(3));
    b.offer(payload(1));

    runAll();

    assertThat(opened).containsExactly("a1", "b1", "a2", "a3");
    a.offer(payload(4));
    runAll();
    assertThat(opened).endsWith("a4");
  }

  @Test
  void nothingIsKeptBeyondTheLimitOfMessages() {
    PeerLane a = lane("a");
    for (int i = 0; i < RunnerLimits.LANE_MESSAGES_MAX; i++) {
      assertThat(a.offer(payload(0))).isTrue();
    }

    assertThat(a.offer(payload(1))).isFalse();
    runAll();
    assertThat(opened).hasSize(RunnerLimits.LANE_MESSAGES_MAX).doesNotContain("a1");
  }

  @Test
  void nothingIsKeptBeyondTheLimitOfBytes() {
    PeerLane a = lane("a");
    assertThat(a.offer(new byte[(int) RunnerLimits.LANE_BYTES_MAX])).isTrue();

    assertThat(a.offer(payload(1))).isFalse();
    runAll();
    assertThat(a.offer(payload(1))).isTrue();
  }
}
