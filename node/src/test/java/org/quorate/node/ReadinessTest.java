package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.TestChain;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.store.MemoryStore;

class ReadinessTest {
  private static final long SECOND = 1_000_000_000;

  private static final RecoveryStatus VOTING =
      new RecoveryStatus(RecoveryStatus.Phase.VOTING, -1, 0);

  private final TestChain chain = new TestChain(4);
  private final TreeSet<ReplicaId> connected =
      new TreeSet<>(List.of(new ReplicaId(0), new ReplicaId(1), new ReplicaId(2)));
  private final PeerHeights heights = new PeerHeights(chain.spec().validators().quorum());
  private final VirtualClock clock = new VirtualClock();
  private Ledger ledger;
  private Readiness readiness;

  private static final class VirtualClock implements Clock {
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long wallMillis() {
      return nanos / 1_000_000;
    }
  }

  @BeforeEach
  void run() throws LedgerException {
    ledger = Ledger.open(new MemoryStore(), chain.spec());
    readiness = new Readiness(chain.spec(), ledger, () -> connected, heights, () -> VOTING, clock);
    readiness.running();
  }

  private void othersReach(long height) {
    heights.heard(new ReplicaId(0), height);
    heights.heard(new ReplicaId(1), height);
  }

  @Test
  void aNodeWithAQuorumAndTheOthersBlocksIsReady() {
    othersReach(chain.spec().parameters().windowBlocks());
    assertThat(readiness.notReady()).isEmpty();
  }

  @Test
  void withoutAQuorumOfLinksItIsNotReady() {
    connected.remove(new ReplicaId(2));
    connected.remove(new ReplicaId(1));
    assertThat(readiness.notReady()).hasValueSatisfying(why -> assertThat(why).contains("linked"));
  }

  @Test
  void aNodeThatIsBehindSaysHowFar() {
    othersReach(1_000);
    assertThat(readiness.notReady()).contains("catching up: 1000 blocks behind");
    clock.nanos += Readiness.PATIENCE_NANOS - 1;
    assertThat(readiness.notReady()).contains("catching up: 1000 blocks behind");
  }

  @Test
  void aNodeThatGetsNoBlocksForLongSaysThatNobodyMayKeepThemAndWhatToDo() {
    othersReach(1_000);
    assertThat(readiness.notReady()).isPresent();
    clock.nanos += 40 * SECOND;
    assertThat(readiness.notReady())
        .hasValueSatisfying(
            why ->
                assertThat(why).contains("40 s", "block 1 ", "quorate snapshot restore --replace"));

    Block first = chain.block(0, chain.spec().genesisHeader(), chain.transaction(1));
    var applied = ledger.apply(chain.committed(0, first, 0, 1, 2));
    assertThat(applied.checkpoint().height()).isEqualTo(1);
    assertThat(readiness.notReady()).contains("catching up: 999 blocks behind");
  }
}
