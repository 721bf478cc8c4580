package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.Input;
import org.quorate.ledger.membership.ReplicaId;

class InboxTest {
  private static final ReplicaId FLOODER = new ReplicaId(0);
  private static final ReplicaId OTHER = new ReplicaId(1);

  private final AtomicInteger wakes = new AtomicInteger();
  private final Inbox inbox = new Inbox(2, wakes::incrementAndGet);

  @Test
  void aPeerThatFloodsLosesOnlyItsOwnMessages() {
    Input connected = new Input.Connected(FLOODER);
    for (int i = 0; i < RunnerLimits.INBOX_PEER_INPUTS_MAX; i++) {
      assertThat(inbox.offer(FLOODER, connected, 1)).isTrue();
    }

    assertThat(inbox.offer(FLOODER, connected, 1)).isFalse();
    assertThat(inbox.offer(OTHER, new Input.Connected(OTHER), 1)).isTrue();
    inbox.offer(new Input.TransactionsPending(true));

    List<Input> taken = new ArrayList<>();
    for (List<Input> some = inbox.take(); !some.isEmpty(); some = inbox.take()) {
      assertThat(some).hasSizeLessThanOrEqualTo(RunnerLimits.TURN_INPUTS_MAX);
      taken.addAll(some);
    }
    assertThat(taken)
        .hasSize(RunnerLimits.INBOX_PEER_INPUTS_MAX + 2)
        .endsWith(new Input.Connected(OTHER), new Input.TransactionsPending(true));
    assertThat(inbox.offer(FLOODER, connected, 1)).isTrue();
  }

  @Test
  void aPeersBytesAreBoundedAndOneLargeMessageFindsRoom() {
    int large = (int) RunnerLimits.INBOX_PEER_BYTES_MAX + 1;

    assertThat(inbox.offer(FLOODER, new Input.Connected(FLOODER), large)).isTrue();
    assertThat(inbox.offer(FLOODER, new Input.Connected(FLOODER), 1)).isFalse();
  }

  @Test
  void whateverIsPutInWakesTheReplica() {
    inbox.offer(new Input.Start(1));
    assertThat(wakes.get()).isEqualTo(1);

    inbox.offer(OTHER, new Input.Connected(OTHER), 1);
    assertThat(wakes.get()).isEqualTo(2);
    assertThat(inbox.isEmpty()).isFalse();

    assertThat(inbox.take()).containsExactly(new Input.Start(1), new Input.Connected(OTHER));
    assertThat(inbox.isEmpty()).isTrue();
  }
}
