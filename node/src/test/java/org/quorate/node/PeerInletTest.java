package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.Input;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.monitoring.NodeMetrics;

class PeerInletTest {
  private static final ReplicaId SELF = new ReplicaId(1);
  private static final ReplicaId PEER = new ReplicaId(0);

  private final TestChain chain = new TestChain(4);
  private final Inbox inbox = new Inbox(4, () -> {});
  private final PeerHeights heights = new PeerHeights(chain.spec().validators().quorum());
  private final NodeMetrics metrics = new NodeMetrics();
  private final List<Runnable> checking = new ArrayList<>();
  private final List<byte[]> submitted = new ArrayList<>();
  private boolean ledgerBusy;
  private final PeerInlet inlet =
      new PeerInlet(
          4,
          Runnable::run,
          chain.authenticator(SELF),
          inbox,
          (transactions, done) -> {
            submitted.addAll(transactions);
            checking.add(done);
          },
          () -> ledgerBusy,
          heights,
          metrics,
          TestHost.MACHINE);

  private double rejected(String reason) {
    Double value =
        metrics
            .registry()
            .getSampleValue(
                "quorate_rejected_messages_total", new String[] {"reason"}, new String[] {reason});
    return value == null ? 0 : value;
  }

  @Test
  void aMessageReachesTheReplicaOnlyIfItsSignatureHolds() {
    var block = chain.block(0, chain.spec().genesisHeader(), chain.transaction(1));
    byte[] good =
        PeerPayload.ofMessage(
            MessageCodec.encode(chain.authenticator(PEER).sign(new PrePrepare(0, block))));
    byte[] bad = good.clone();
    bad[10] ^= 1;

    inlet.received(PEER, bad);
    assertThat(inbox.take()).containsExactly(new Input.Rejected(PEER));
    assertThat(rejected("bad_signature")).isEqualTo(1);

    inlet.received(PEER, good);
    assertThat(inbox.take()).hasSize(1).first().isInstanceOf(Input.Received.class);
  }

  @Test
  void garbageIsCountedAndNothingElseHappens() {
    inlet.received(PEER, new byte[0]);
    inlet.received(PEER, new byte[] {0x7f, 1, 2, 3});
    inlet.received(PEER, new byte[] {PeerPayload.MESSAGE, 1, 2, 3});
    inlet.received(PEER, new byte[] {PeerPayload.TRANSACTIONS, 0, 0});

    assertThat(rejected("unknown_kind")).isEqualTo(2);
    assertThat(rejected("malformed")).isEqualTo(2);
    // Of what was meant to be a message, the replica learns that it was none.
    assertThat(inbox.take()).containsExactly(new Input.Rejected(PEER));
    assertThat(submitted).isEmpty();
  }

  @Test
  void aStatusTellsHowFarThePeerIsAndOneLiarIsNotBelieved() {
    Transfer.Status far = new Transfer.Status(0, true, 0, 1_000, 0, List.of());
    Transfer.Status near = new Transfer.Status(0, true, 0, 7, 0, List.of());

    inlet.received(PEER, PeerPayload.ofMessage(MessageCodec.encode(far)));
    assertThat(heights.reached()).isZero();

    inlet.received(new ReplicaId(2), PeerPayload.ofMessage(MessageCodec.encode(near)));
    assertThat(heights.reached()).isEqualTo(7);
  }

  @Test
  void fetchedBlocksAreDroppedWhileTheLedgerIsBusy() {
    byte[] blocks =
        PeerPayload.ofMessage(MessageCodec.encode(new Transfer.CommittedBlocks(List.of())));

    ledgerBusy = true;
    inlet.received(PEER, blocks);
    assertThat(inbox.take()).isEmpty();

    ledgerBusy = false;
    inlet.received(PEER, blocks);
    assertThat(inbox.take()).hasSize(1);
  }

  @Test
  void forwardedTransactionsOfOnePeerThatWaitAreBounded() {
    var batch = new ArrayList<Transaction>();
    for (int nonce = 1; nonce <= RunnerLimits.FORWARD_TRANSACTIONS_MAX; nonce++) {
      batch.add(chain.transaction(nonce));
    }
    byte[] payload = PeerPayload.ofTransactions(batch);

    for (int i = 0; i < 3; i++) {
      inlet.received(PEER, payload);
    }
    assertThat(submitted).hasSize(RunnerLimits.FORWARDED_WAITING_MAX);
    assertThat(submitted.get(0)).isEqualTo(batch.get(0).encoded());

    inlet.received(new ReplicaId(2), payload);
    assertThat(submitted).hasSize(RunnerLimits.FORWARDED_WAITING_MAX + batch.size());

    checking.forEach(Runnable::run);
    inlet.received(PEER, payload);
    assertThat(submitted).hasSize(RunnerLimits.FORWARDED_WAITING_MAX + 2 * batch.size());
  }
}
