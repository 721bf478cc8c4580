package org.quorate.node;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.quorate.consensus.ChainTip;
import org.quorate.consensus.Input;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.Replica;
import org.quorate.consensus.ReplicaStatus;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.RejectedException;
import org.quorate.consensus.message.Signable;
import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;
import org.quorate.consensus.message.Transfer.Recall;
import org.quorate.consensus.message.Transfer.Testimony;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.journal.Journal;
import org.quorate.node.journal.JournalException;
import org.quorate.node.mempool.BatchBuilder;
import org.quorate.node.mempool.Mempool;
import org.quorate.node.mempool.MempoolLimits;

/** A real replica with a real journal on its thread; its peers and its ledger are lists. */
final class RunnerFixture implements AutoCloseable {
  final TestChain chain;
  final ReplicaId self;
  final Inbox inbox;
  final Journal journal;
  final Mempool pool;
  final ReplicaRunner runner;
  final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  final BlockingQueue<CommittedBlock> decided = new LinkedBlockingQueue<>();
  final EvidenceList evidence = new EvidenceList();
  final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final Path folder;
  private final TurnThread thread;

  /** A message that left, and what the journal on disk held at that moment. */
  record Sent(ReplicaId to, Message message, List<JournalRecord> journaled) {}

  RunnerFixture(Path folder, int n, int self) throws IOException, JournalException {
    this.folder = folder;
    this.chain = new TestChain(n);
    this.self = new ReplicaId(self);
    this.inbox = new Inbox(n, this::wake);
    this.journal = Journal.open(folder).journal();
    this.pool =
        new Mempool(MempoolLimits.DEFAULTS, Map.of(), () -> TestHost.MACHINE.nanos() / 1_000_000);
    NodeMetrics metrics = new NodeMetrics();
    List<ReplicaId> others = new ArrayList<>(chain.spec().validators().replicas());
    others.remove(this.self);
    this.runner =
        new ReplicaRunner(
            new Replica(
                chain.spec(),
                this.self,
                chain.authenticator(this.self),
                ChainTip.genesis(chain.spec()),
                List.of()),
            inbox,
            new Effects(
                journal,
                others,
                this::send,
                new Decided(),
                wanted -> {},
                evidence,
                metrics,
                TestHost.MACHINE),
            new BatchBuilder(pool, chain.spec().parameters(), System::currentTimeMillis),
            new SlowStart(chain.spec().parameters()),
            new PrimaryWatch(this.self, chain.spec().parameters(), pool),
            () -> pool.size() > 0,
            metrics,
            TestHost.MACHINE,
            1,
            new Watching());
    this.thread = TestHost.MACHINE.turns("replica-under-test", runner);
    thread.start();
    others.forEach(this::answerItsQuestion);
  }

  /** None of the others knows of anything that the replica has forgotten. */
  private void answerItsQuestion(ReplicaId other) {
    await().until(() -> sent.stream().anyMatch(s -> s.message() instanceof Recall));
    long number =
        sent.stream()
            .filter(s -> s.message() instanceof Recall)
            .map(s -> ((Recall) s.message()).number())
            .findFirst()
            .orElseThrow();
    Testimony nothing =
        new Testimony(number, 0, 0, Optional.empty(), Optional.empty(), Optional.empty());
    try {
      receive(other, MessageCodec.encode(nothing));
    } catch (RejectedException e) {
      throw new AssertionError("the answer is malformed", e);
    }
  }

  private boolean send(ReplicaId to, byte[] payload) {
    try {
      Message message = chain.authenticator(to).open(self, PeerPayload.message(payload)).message();
      return sent.add(new Sent(to, message, onDisk()));
    } catch (RejectedException e) {
      throw new AssertionError("the replica sent what its peers reject", e);
    }
  }

  /** Reads a copy of the journal's file, as a restarted process would. */
  List<JournalRecord> onDisk() {
    try {
      Path copy = Files.createTempDirectory("journal");
      Files.copy(folder.resolve("journal"), copy.resolve("journal"));
      Journal.Opened opened = Journal.open(copy);
      opened.journal().close();
      List<JournalRecord> records = new ArrayList<>();
      for (byte[] record : opened.records()) {
        records.add(Decoder.decode(record, JournalRecord::decode));
      }
      return records;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JournalException | MalformedException e) {
      throw new AssertionError("the journal is damaged", e);
    }
  }

  /** Hands the replica what {@code from} signs. */
  void receive(ReplicaId from, Signable content) throws RejectedException {
    receive(from, MessageCodec.encode(chain.authenticator(from).sign(content)));
  }

  private void receive(ReplicaId from, byte[] bytes) throws RejectedException {
    inbox.offer(
        from,
        new Input.Received(chain.authenticator(self).open(from, bytes), System.currentTimeMillis()),
        bytes.length);
  }

  void wake() {
    thread.wake();
  }

  boolean running() {
    return !thread.ended(0);
  }

  @Override
  public void close() throws IOException {
    runner.stop();
    wake();
    await().until(() -> !running());
    journal.close();
  }

  private final class Decided implements DecidedBlocks {
    @Override
    public void decided(CommittedBlock block) {
      decided.add(block);
    }

    @Override
    public void certified(CheckpointCertificate certificate) {}

    @Override
    public void refetched(Item block) {}
  }

  private final class Watching implements ReplicaRunner.Observer {
    @Override
    public void viewChanged(ReplicaStatus status) {}

    @Override
    public void recoveryChanged(RecoveryStatus status) {}

    @Override
    public void failed(Throwable cause) {
      failure.complete(cause);
    }
  }
}
