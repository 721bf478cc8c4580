package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.consensus.ChainTip;
import org.quorate.consensus.Evidence;
import org.quorate.consensus.ForkError;
import org.quorate.consensus.Input;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.Replica;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.RejectedException;
import org.quorate.consensus.message.Signable;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Auditor;
import org.quorate.ledger.proof.Finding;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.evidence.EvidenceLimits;
import org.quorate.node.evidence.EvidenceStore;
import org.quorate.node.evidence.NewViewArchive;

class EvidenceKeeperTest {
  @TempDir private Path folder;
  private final TestChain chain = new TestChain(4);
  private final Block one = chain.block(0, chain.spec().genesisHeader(), chain.transaction(1));
  private final Block other = chain.block(0, chain.spec().genesisHeader(), chain.transaction(2));
  private final List<Runnable> disk = new ArrayList<>();
  private NodeMetrics metrics;
  private EvidenceStore store;
  private EvidenceKeeper keeper;

  @BeforeEach
  void restart() throws Exception {
    metrics = new NodeMetrics();
    store = EvidenceStore.open(folder, EvidenceLimits.DEFAULTS);
    keeper =
        new EvidenceKeeper(
            chain.spec(),
            store,
            NewViewArchive.open(folder.resolve("new-views"), EvidenceLimits.DEFAULTS),
            disk::add,
            metrics);
  }

  private void runDisk() {
    disk.forEach(Runnable::run);
    disk.clear();
  }

  private <C extends Signable> Signed<C> signed(int signer, C content) {
    return chain.authenticator(new ReplicaId(signer)).sign(content);
  }

  private double counted(String kind) {
    Double value =
        metrics
            .registry()
            .getSampleValue("quorate_evidence_total", new String[] {"kind"}, new String[] {kind});
    return value == null ? 0 : value;
  }

  private List<ReplicaId> guilty(String name) throws Exception {
    Finding finding =
        new Auditor(chain.spec(), TestChain.VERIFIER)
            .judge(EvidenceJson.read(store.document(name).orElseThrow()));
    assertThat(finding).isInstanceOf(Finding.Proven.class);
    return List.copyOf(((Finding.Proven) finding).guilty());
  }

  @Test
  void contradictionIsCountedAndStoredOnceAndCountsAgainAfterARestart() throws Exception {
    Evidence evidence =
        new Evidence(signed(3, new Commit(0, one.id())), signed(3, new Commit(0, other.id())));
    keeper.found(evidence);
    keeper.found(evidence);
    assertThat(disk).hasSize(1);
    assertThat(counted("commit")).isEqualTo(1);
    runDisk();
    assertThat(guilty("commit-view-0-height-1-replica-3")).containsExactly(new ReplicaId(3));

    restart();
    keeper.recover(List.of());
    assertThat(counted("commit")).isEqualTo(1);
    keeper.found(evidence);
    assertThat(counted("commit")).isEqualTo(1);
  }

  /** What a real replica throws that hears of both blocks. */
  private ForkError fork(long view, long otherView) throws RejectedException {
    Replica replica =
        new Replica(
            chain.spec(),
            new ReplicaId(2),
            chain.authenticator(new ReplicaId(2)),
            ChainTip.genesis(chain.spec()),
            List.of());
    replica.step(new Input.Start(1));
    replica.step(committed(view, one));
    ForkError error =
        catchThrowableOfType(ForkError.class, () -> replica.step(committed(otherView, other)));
    assertThat(error).isNotNull();
    return error;
  }

  private Input committed(long view, Block block) throws RejectedException {
    Transfer.CommittedBlocks blocks =
        new Transfer.CommittedBlocks(
            List.of(
                new Transfer.CommittedBlocks.Item(
                    chain.committed(view, block, 0, 1, 3), Optional.empty())));
    return new Input.Received(
        chain.authenticator(new ReplicaId(2)).open(new ReplicaId(0), MessageCodec.encode(blocks)),
        TestChain.GENESIS_MILLIS);
  }

  @Test
  void forkOfOneViewNamesMoreThanFAndIsOnDiskAtOnce() throws Exception {
    keeper.forked(fork(0, 0));
    assertThat(disk).isEmpty();
    assertThat(counted("fork")).isEqualTo(1);
    restart();
    assertThat(guilty("fork-height-1"))
        .containsExactly(new ReplicaId(0), new ReplicaId(1), new ReplicaId(3));
  }

  private ByteString newView(long view, int... signers) {
    List<Signed<ViewChange>> changes = new ArrayList<>();
    for (int signer : signers) {
      changes.add(signed(signer, new ViewChange(view, Optional.empty(), Optional.empty())));
    }
    return ByteString.of(MessageCodec.encode(signed(1, new NewView(view, changes))));
  }

  @Test
  void forkAcrossViewsNamesThoseWhoForgotInTheNewViewThatWasKept() throws Exception {
    keeper.entered(newView(1, 0, 2, 3));
    runDisk();
    restart();
    keeper.forked(fork(5, 0)); // as the lower view's certificate comes last
    assertThat(guilty("fork-height-1")).containsExactly(new ReplicaId(0), new ReplicaId(3));
    assertThat(guilty("fork-height-1"))
        .hasSizeGreaterThanOrEqualTo(chain.spec().validators().quorum().weakQuorum());
  }

  @Test
  void newViewThatTheDiskHasNotTakenYetCountsToo() throws Exception {
    keeper.entered(newView(1, 0, 2, 3));
    keeper.forked(fork(0, 1));
    assertThat(guilty("fork-height-1")).containsExactly(new ReplicaId(0), new ReplicaId(3));
  }

  @Test
  void newViewOfTheJournalIsKeptWhenACrashCameBefore() throws Exception {
    keeper.recover(List.of(new JournalRecord.NewViewSeen(newView(1, 0, 2, 3))));
    runDisk();
    keeper.forked(fork(0, 1));
    assertThat(guilty("fork-height-1")).containsExactly(new ReplicaId(0), new ReplicaId(3));
  }
}
