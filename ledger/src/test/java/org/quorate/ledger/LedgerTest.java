package org.quorate.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

final class LedgerTest {
  private final TestChain chain = new TestChain();
  private final MemoryStore store = new MemoryStore();

  @Test
  void newLedgerStandsAtTheGenesisBlock() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    assertThat(ledger.tipHeader()).isEqualTo(chain.spec().genesisHeader());
    assertThat(ledger.checkpoint().block()).isEqualTo(chain.spec().genesisBlock());
    assertThat(ledger.tipCommit()).isEmpty();
    assertThat(ledger.replayWindows()).isEmpty();
    assertThat(ledger.block(0)).isEmpty();
    assertThat(ledger.stableCheckpoint()).isEmpty();
    assertThat(ledger.recent(0)).containsExactly(chain.spec().genesisBlock());
    assertThat(ledger.state(ByteString.utf8("greeting")))
        .isEqualTo(new StateReading(0, Optional.of(ByteString.utf8("hello"))));
  }

  @Test
  void blockIsThereWithAllThatItMade() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    Transaction put = chain.put(5, "k", "v");
    Transaction failing =
        chain.transaction(TestChain.BOB, 1, new Operation.Add(ByteString.utf8("bob/x"), -1));
    CommittedBlock block = chain.next(ledger, put, failing);
    Applied applied = ledger.apply(block);

    Receipt executed = new Receipt(put.hash(), Receipt.Outcome.EXECUTED, 0);
    Receipt belowZero = new Receipt(failing.hash(), Receipt.Outcome.BELOW_ZERO, 0);
    assertThat(applied.receipts()).containsExactly(executed, belowZero);
    assertThat(applied.checkpoint().block()).isEqualTo(block.block().id());
    assertThat(applied.checkpoint().receiptsRoot())
        .isEqualTo(Receipt.root(List.of(executed, belowZero)));
    assertThat(ledger.checkpoint()).isEqualTo(applied.checkpoint());
    assertThat(ledger.checkpoint(1)).contains(applied.checkpoint());
    assertThat(ledger.tipHeader()).isEqualTo(block.block().header());
    assertThat(ledger.tipCommit()).contains(block.commit());
    assertThat(ledger.block(1)).contains(block);
    assertThat(ledger.encodedBlock(1)).contains(block.encoded());
    assertThat(ledger.encodedBlock(0)).isEmpty();
    assertThat(ledger.encodedBlock(2)).isEmpty();
    assertThat(ledger.transaction(failing.hash())).contains(new TransactionRecord(1, 1, belowZero));
    assertThat(ledger.transaction(Digest.ZERO)).isEmpty();
    assertThat(ledger.state(ByteString.utf8("k")))
        .isEqualTo(new StateReading(1, Optional.of(ByteString.utf8("v"))));
    assertThat(ledger.replayWindows())
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    TestChain.ALICE.publicKey(), ReplayWindow.EMPTY.with(5),
                    TestChain.BOB.publicKey(), ReplayWindow.EMPTY.with(1))));
    assertThat(ledger.replayWindow(TestChain.BOB.publicKey()).highest()).isEqualTo(1);
    assertThat(ledger.recent(1)).containsExactly(new BlockId(1, block.block().hash()));
    assertThat(ledger.recent(2)).isEmpty();
  }

  @Test
  void reopenedLedgerGoesOnWhereItStood(@TempDir Path folder) throws LedgerException {
    Ledger inMemory = Ledger.open(store, chain.spec());
    for (int height = 1; height <= 12; height++) {
      try (Ledger onDisk = Ledger.open(LevelDbStore.open(folder), chain.spec())) {
        assertThat(onDisk.checkpoint()).isEqualTo(inMemory.checkpoint());
        assertThat(onDisk.tipHeader()).isEqualTo(inMemory.tipHeader());
        assertThat(onDisk.tipCommit()).isEqualTo(inMemory.tipCommit());
        assertThat(onDisk.replayWindows()).isEqualTo(inMemory.replayWindows());
        CommittedBlock block =
            chain.next(
                onDisk,
                chain.put(2L * height, "k" + height, "v"),
                chain.put(2L * height + 1, "k" + height / 2, "w"));
        assertThat(onDisk.apply(block)).isEqualTo(inMemory.apply(block));
      }
    }
  }

  @Test
  void ledgerOfAChainThatBeginsWithoutStateIsReopenedAtTheGenesisBlock() throws LedgerException {
    ChainSpec bare =
        new ChainSpec(
            chain.spec().chainId(),
            chain.spec().genesisTimeMillis(),
            chain.spec().validators(),
            chain.spec().clients(),
            chain.spec().parameters(),
            new TreeMap<>());
    Checkpoint genesis = Ledger.open(store, bare).checkpoint();

    assertThat(Ledger.open(store, bare).checkpoint()).isEqualTo(genesis);
    assertThat(genesis.stateRoot()).isEqualTo(Digest.ZERO);
  }

  @Test
  void blockThatDoesNotFollowTheTipIsAnError() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    CommittedBlock first = chain.next(ledger, chain.put(1, "k", "v"));
    ledger.apply(first);
    assertThatThrownBy(() -> ledger.apply(first)).isInstanceOf(AssertionError.class);
    BlockHeader tip = ledger.tipHeader();
    BlockHeader elsewhere =
        new BlockHeader(
            2,
            Digest.ZERO,
            0,
            tip.timestampMillis() + 1,
            new ReplicaId(0),
            Block.transactionsRoot(List.of()),
            0,
            tip.validatorSetHash());
    Block stranger = new Block(chain.spec().chainHash(), elsewhere, List.of());
    assertThatThrownBy(() -> ledger.apply(chain.commit(stranger)))
        .isInstanceOf(AssertionError.class);
    TestChain another = new TestChain(7);
    Block foreign = another.block(another.spec().genesisHeader(), List.of());
    assertThatThrownBy(() -> ledger.apply(another.commit(foreign)))
        .isInstanceOf(AssertionError.class);
    // None of it left a trace.
    assertThat(ledger.apply(chain.next(ledger)).checkpoint().height()).isEqualTo(2);
  }

  @Test
  void nonceThatIsNotFreshStopsTheLedger() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    CommittedBlock twice = chain.next(ledger, chain.put(1, "k", "v"), chain.put(1, "k", "w"));
    assertThatThrownBy(() -> ledger.apply(twice)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> ledger.apply(chain.next(ledger)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("earlier block");
    // What is on the disk is whole: a new ledger goes on from it.
    Ledger again = Ledger.open(store, chain.spec());
    assertThat(again.apply(chain.next(again)).checkpoint().height()).isEqualTo(1);
  }

  @Test
  void certificateOfMoreSignersReplacesOneOfFewer() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    Checkpoint one = ledger.apply(chain.next(ledger)).checkpoint();
    Checkpoint two = ledger.apply(chain.next(ledger)).checkpoint();
    CheckpointCertificate weak = chain.certificate(one, 1, 3);
    CheckpointCertificate quorum = chain.certificate(one, 0, 1, 2);
    ledger.putCheckpointCertificate(weak);
    assertThat(ledger.checkpointCertificate(1)).contains(weak);
    assertThat(ledger.stableCheckpoint()).isEmpty();
    ledger.putCheckpointCertificate(quorum);
    ledger.putCheckpointCertificate(weak);
    ledger.putCheckpointCertificate(chain.certificate(one, 1, 2, 3));
    assertThat(ledger.checkpointCertificate(1)).contains(quorum);
    assertThat(ledger.encodedCheckpointCertificate(1)).contains(quorum.encoded());
    assertThat(ledger.stableCheckpoint()).contains(quorum);
    CheckpointCertificate later = chain.certificate(two, 0, 1, 2, 3);
    ledger.putCheckpointCertificate(later);
    ledger.putCheckpointCertificate(chain.certificate(one, 0, 1, 2, 3));
    assertThat(ledger.stableCheckpoint()).contains(later);
    assertThat(Ledger.open(store, chain.spec()).stableCheckpoint()).contains(later);
  }

  @Test
  void certificateOfAnotherResultIsAnErrorBeforeAndAfterTheBlock() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    Checkpoint own = ledger.apply(chain.next(ledger)).checkpoint();
    Checkpoint other = new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO);
    assertThatThrownBy(() -> ledger.putCheckpointCertificate(chain.certificate(other, 0, 1)))
        .isInstanceOf(AssertionError.class);
    CommittedBlock next = chain.next(ledger);
    Checkpoint early = new Checkpoint(next.block().id(), Digest.ZERO, Digest.ZERO);
    ledger.putCheckpointCertificate(chain.certificate(early, 0, 1));
    assertThatThrownBy(() -> ledger.apply(next)).isInstanceOf(AssertionError.class);
  }

  @Test
  void proofIsThereOnceACheckpointCertificateIs() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    Transaction[] transactions = new Transaction[7];
    for (int i = 0; i < 7; i++) {
      transactions[i] = chain.put(i + 1, "k" + i, "v");
    }
    Checkpoint checkpoint = ledger.apply(chain.next(ledger, transactions)).checkpoint();
    assertThat(ledger.proof(transactions[3].hash())).isEmpty();
    ledger.putCheckpointCertificate(chain.certificate(checkpoint, 0, 3));
    LightClient client = new LightClient(chain.spec(), SignatureVerifier.ED25519);
    for (Transaction transaction : transactions) {
      TransactionProof proof = ledger.proof(transaction.hash()).orElseThrow();
      assertThat(proof.transaction()).isEqualTo(transaction);
      assertThat(client.check(proof).isValid()).isTrue();
    }
    assertThat(ledger.proof(Digest.ZERO)).isEmpty();
  }

  @Test
  void storeOfAnotherChainIsRefused() throws LedgerException {
    Ledger.open(store, chain.spec());
    assertThatThrownBy(() -> Ledger.open(store, new TestChain(7).spec()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining(chain.spec().chainHash().hex())
        .hasMessageContaining(new TestChain(7).spec().chainHash().hex());
  }

  @Test
  void storeOfSomethingElseIsRefused() {
    store.write(new Batch().put(new byte[] {1}, new byte[] {2}), true);
    assertThatThrownBy(() -> Ledger.open(store, chain.spec()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("not a ledger");
  }

  @Test
  void damageIsNamed() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    ledger.apply(chain.next(ledger, chain.put(1, "k", "v")));
    assertDamaged(Table.TIP.key(), "tip");
    assertDamaged(Table.HEADER.key(1), "header 1");
    assertDamaged(Table.TRANSACTIONS.key(1), "block 1");
    assertDamaged(Table.CHECKPOINT.key(1), "checkpoint 1");
    byte[] path = Digest.sha256(new byte[] {0, 'k'}).bytes();
    assertDamaged(Table.STATE.key(path), "the store is damaged: the state");
  }

  /** Opening must name {@code what} if the entry is cut off, and if it is gone. */
  private void assertDamaged(byte[] key, String what) {
    byte[] whole = store.get(key).orElseThrow();
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);
    store.write(new Batch().put(key, cut), true);
    assertThatThrownBy(() -> Ledger.open(store, chain.spec()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining(what);
    store.write(new Batch().delete(key), true);
    assertThatThrownBy(() -> Ledger.open(store, chain.spec())).isInstanceOf(LedgerException.class);
    store.write(new Batch().put(key, whole), true);
  }

  /** Each block writes its own height under one key; every reading must fit its block. */
  @Test
  void readersOfOtherThreadsNeverSeeHalfABlock(@TempDir Path folder)
      throws LedgerException, InterruptedException, ExecutionException {
    ExecutorService readers = Executors.newFixedThreadPool(2);
    AtomicBoolean done = new AtomicBoolean();
    try (Ledger ledger = Ledger.open(LevelDbStore.open(folder), chain.spec())) {
      ledger.apply(chain.next(ledger, chain.put(1, "height", "1")));
      List<Future<Long>> readings = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readings.add(readers.submit(() -> readUntil(done, ledger)));
      }
      for (int height = 2; height <= 300; height++) {
        ledger.apply(chain.next(ledger, chain.put(height, "height", "" + height)));
      }
      done.set(true);
      for (Future<Long> reading : readings) {
        assertThat(reading.get()).isPositive();
      }
    } finally {
      readers.shutdown();
    }
  }

  private static long readUntil(AtomicBoolean done, Ledger ledger) {
    long count = 0;
    do {
      StateReading reading = ledger.state(ByteString.utf8("height"));
      assertThat(reading.value()).contains(ByteString.utf8("" + reading.height()));
      BlockId last = ledger.checkpoint().block();
      assertThat(ledger.block(last.height()).orElseThrow().block().id()).isEqualTo(last);
      count++;
    } while (!done.get());
    return count;
  }

  @Test
  void closedLedgerAnswersNothing() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    ledger.close();
    assertThatThrownBy(() -> ledger.state(ByteString.utf8("k")))
        .isInstanceOf(StorageException.class);
  }
}
