package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.consensus.ForkError;
import org.quorate.consensus.Input;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.node.RunnerFixture.Sent;

class ReplicaRunnerTest {
  private static final ReplicaId PRIMARY = new ReplicaId(0);

  @TempDir private Path folder;

  private static boolean isPrepare(Sent sent) {
    return sent.message() instanceof Signed<?> signed && signed.content() instanceof Prepare;
  }

  @Test
  void nothingIsSentBeforeItIsInTheJournal() throws Exception {
    try (RunnerFixture fixture = new RunnerFixture(folder, 4, 1)) {
      Block block =
          fixture.chain.block(
              0, fixture.chain.spec().genesisHeader(), fixture.chain.transaction(1));

      fixture.receive(PRIMARY, new PrePrepare(0, block));

      await().until(() -> fixture.sent.stream().filter(ReplicaRunnerTest::isPrepare).count() == 3);
      assertThat(fixture.sent.stream().filter(ReplicaRunnerTest::isPrepare))
          .allSatisfy(
              prepare ->
                  assertThat(prepare.journaled())
                      .contains(
                          new JournalRecord.Accepted(block),
                          new JournalRecord.Voted(0, block.id())));
    }
  }

  @Test
  void aReplicaWhoseJournalFailsSendsNothingMoreAndEnds() throws Exception {
    try (RunnerFixture fixture = new RunnerFixture(folder, 4, 1)) {
      await().until(() -> !fixture.sent.isEmpty()); // its first STATUS
      fixture.journal.close();
      Block block =
          fixture.chain.block(
              0, fixture.chain.spec().genesisHeader(), fixture.chain.transaction(1));

      fixture.receive(PRIMARY, new PrePrepare(0, block));

      assertThat(fixture.failure.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      await().until(() -> !fixture.running());
      assertThat(fixture.sent).noneMatch(ReplicaRunnerTest::isPrepare);
    }
  }

  @Test
  void aBrokenInvariantEndsTheReplica() throws Exception {
    try (RunnerFixture fixture = new RunnerFixture(folder, 4, 1)) {
      Block first = fixture.chain.block(0, fixture.chain.spec().genesisHeader());
      Block second = fixture.chain.block(0, first.header());

      fixture.inbox.offer(new Input.Executed(fixture.chain.execute(Digest.ZERO, second)));

      assertThat(fixture.failure.get(10, TimeUnit.SECONDS)).isInstanceOf(AssertionError.class);
      await().until(() -> !fixture.running());
    }
  }

  @Test
  void aForkIsHandedOverAsEvidenceBeforeTheReplicaEnds() throws Exception {
    try (RunnerFixture fixture = new RunnerFixture(folder, 4, 1)) {
      Block one =
          fixture.chain.block(
              0, fixture.chain.spec().genesisHeader(), fixture.chain.transaction(1));
      BlockId other = new BlockId(1, Digest.ZERO);

      for (int committer : new int[] {0, 2, 3}) {
        fixture.receive(new ReplicaId(committer), new Commit(0, one.id()));
      }
      fixture.receive(PRIMARY, new PrePrepare(0, one));
      assertThat(fixture.decided.poll(10, TimeUnit.SECONDS)).isNotNull();
      fixture.receive(
          new ReplicaId(2),
          new NewView(
              2,
              Stream.of(0, 2, 3)
                  .map(
                      signer ->
                          fixture
                              .chain
                              .authenticator(new ReplicaId(signer))
                              .sign(new ViewChange(2, Optional.empty(), Optional.empty())))
                  .toList()));
      for (int committer : new int[] {0, 2, 3}) {
        fixture.receive(new ReplicaId(committer), new Commit(2, other));
      }

      assertThat(fixture.failure.get(10, TimeUnit.SECONDS)).isInstanceOf(ForkError.class);
      assertThat(fixture.evidence.forks).hasSize(1);
      assertThat(fixture.evidence.newViews).hasSize(1);
    }
  }

  @Test
  void aSingleValidatorDecidesWhatIsInItsMempoolInOneTurn() throws Exception {
    try (RunnerFixture fixture = new RunnerFixture(folder, 1, 0)) {
      fixture.pool.add(fixture.chain.transaction(1));
      fixture.wake();

      CommittedBlock decided = fixture.decided.poll(10, TimeUnit.SECONDS);
      assertThat(decided).isNotNull();
      assertThat(decided.block().transactions()).containsExactly(fixture.chain.transaction(1));
      assertThat(fixture.onDisk()).contains(new JournalRecord.Accepted(decided.block()));
    }
  }
}
