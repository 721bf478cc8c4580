package org.quorate.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.DivergenceError;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.BitFlips;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/** Blocks of which something cannot be read, and that others still have. */
final class RepairTest {
  private static final int BLOCKS = 5;
  private static final int DAMAGED = 3;

  private final TestChain chain = new TestChain();
  private final MemoryStore store = new MemoryStore();
  private final List<CommittedBlock> blocks = new ArrayList<>();
  private final List<CheckpointCertificate> certificates = new ArrayList<>();
  private Ledger ledger;
  private Map<ByteString, ByteString> intact = Map.of();

  @BeforeEach
  void fill() throws LedgerException {
    ledger = Ledger.open(store, chain.spec());
    fill(ledger, BLOCKS);
    intact = entries(store);
  }

  private void fill(Ledger target, int count) {
    blocks.clear();
    certificates.clear();
    for (int height = 1; height <= count; height++) {
      CommittedBlock block =
          chain.next(
              target,
              chain.put(2L * height, "k" + height, "v"),
              chain.put(2L * height + 1, "k", "w" + height));
      blocks.add(block);
      certificates.add(chain.certificate(target.apply(block).checkpoint(), 0, 1, 2));
      target.putCheckpointCertificate(certificates.get(height - 1));
    }
  }

  private static Map<ByteString, ByteString> entries(KeyValueStore of) {
    Map<ByteString, ByteString> entries = new TreeMap<>();
    of.scan(
        new byte[0],
        (key, value) -> {
          entries.put(ByteString.of(key), ByteString.of(value));
          return true;
        });
    return entries;
  }

  /** What does not decode is what does not fit its checksum. */
  private void damage(byte[] key) {
    assertThat(store.get(key)).isPresent();
    store.write(new Batch().put(key, new byte[] {1}), true);
  }

  private void damage(Table... tables) {
    for (Table table : tables) {
      damage(table.key(DAMAGED));
    }
  }

  private void damageRecord(int index) {
    damage(Table.TRANSACTION.key(transaction(index).bytes()));
  }

  private Digest transaction(int index) {
    return block(DAMAGED).block().transactions().get(index).hash();
  }

  private CommittedBlock block(int height) {
    return blocks.get(height - 1);
  }

  private Optional<CheckpointCertificate> certificate(int height) {
    return Optional.of(certificates.get(height - 1));
  }

  private RepairResult repair() {
    return ledger.repair(block(DAMAGED), certificate(DAMAGED));
  }

  private void assertWhole(int written) {
    assertThat(repair()).isEqualTo(new RepairResult(true, written, List.of()));
    assertThat(entries(store)).isEqualTo(intact);
    assertThat(repair().written()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEADER", "TRANSACTIONS", "RECEIPTS", "CHECKPOINT", "CERTIFICATE"})
  void eachTableIsReadableAgain(Table table) {
    damage(table);
    assertWhole(1);
  }

  @Test
  void transactionRecordsComeFromTheReceipts() {
    damageRecord(0);
    damageRecord(1);
    assertWhole(2);
    assertThat(ledger.transaction(transaction(1)).orElseThrow().index()).isEqualTo(1);
  }

  @Test
  void receiptsComeFromTheTransactionRecords() {
    damage(Table.RECEIPTS, Table.TRANSACTIONS, Table.HEADER, Table.CERTIFICATE);
    assertWhole(4);
    assertThat(ledger.proof(transaction(0))).isPresent();
  }

  @Test
  void ownResultThatIsLostIsTheOneThatWasProven() {
    damage(Table.CHECKPOINT, Table.RECEIPTS, Table.HEADER, Table.TRANSACTIONS);
    assertWhole(4);
  }

  @Test
  void blockIsKnownByTheNextHeaderIfNothingElseOfItIsLeft() {
    damage(Table.CHECKPOINT, Table.CERTIFICATE, Table.HEADER, Table.TRANSACTIONS);
    assertWhole(4);
  }

  @Test
  void receiptsThatAreReadableAndNotThoseOfTheResultAreReplaced() {
    store.write(
        new Batch()
            .put(
                Table.RECEIPTS.key(DAMAGED),
                store.get(Table.RECEIPTS.key(DAMAGED - 1)).orElseThrow()),
        true);
    assertWhole(1);
  }

  @Test
  void transactionRecordOfAnotherPlaceIsReplaced() {
    store.write(
        new Batch()
            .put(
                Table.TRANSACTION.key(transaction(0).bytes()),
                store.get(Table.TRANSACTION.key(transaction(1).bytes())).orElseThrow()),
        true);
    assertWhole(1);
  }

  @Test
  void lastBlockIsKnownWithoutItsStoredResult() {
    damage(Table.CHECKPOINT.key(BLOCKS));
    damage(Table.CERTIFICATE.key(BLOCKS));
    damage(Table.HEADER.key(BLOCKS));
    assertThat(ledger.repair(block(BLOCKS), Optional.empty()))
        .isEqualTo(new RepairResult(true, 2, List.of(Table.CERTIFICATE)));
    assertThat(ledger.repair(block(BLOCKS), certificate(BLOCKS)).written()).isEqualTo(1);
    assertThat(entries(store)).isEqualTo(intact);
  }

  @Test
  void receiptsThatAreLostTwiceStayLostAndTheRestIsRepaired() {
    damage(Table.RECEIPTS, Table.HEADER);
    damageRecord(1);
    RepairResult result = repair();
    assertThat(result).isEqualTo(new RepairResult(true, 1, List.of(Table.RECEIPTS)));
    assertThat(result.whole()).isFalse();
    assertThat(ledger.block(DAMAGED)).contains(block(DAMAGED));
    assertThatThrownBy(() -> ledger.transaction(transaction(1)))
        .isInstanceOf(StorageException.class);
    assertThat(ledger.transaction(transaction(0))).isPresent();
  }

  @Test
  void withoutACertificateTheRestIsRepaired() {
    damage(Table.HEADER, Table.CERTIFICATE);
    assertThat(ledger.repair(block(DAMAGED), Optional.empty()))
        .isEqualTo(new RepairResult(true, 1, List.of(Table.CERTIFICATE)));
    damage(Table.CHECKPOINT, Table.RECEIPTS);
    assertThat(ledger.repair(block(DAMAGED), Optional.empty()))
        .isEqualTo(
            new RepairResult(
                true, 0, List.of(Table.CHECKPOINT, Table.CERTIFICATE, Table.RECEIPTS)));
    assertWhole(3);
  }

  @Test
  void certificateThatWasNeverThereIsNotMissed() throws LedgerException {
    CommittedBlock next = chain.next(ledger, chain.put(99, "k", "v"));
    ledger.apply(next);
    store.write(new Batch().put(Table.HEADER.key(BLOCKS + 1), new byte[3]), true);
    assertThat(ledger.repair(next, Optional.empty()))
        .isEqualTo(new RepairResult(true, 1, List.of()));
    assertThat(Ledger.open(store, chain.spec()).tipCommit()).contains(next.commit());
  }

  @Test
  void certificateOfMoreSignersReplacesOneOfFewer() {
    damage(Table.HEADER);
    CheckpointCertificate all =
        chain.certificate(ledger.checkpoint(DAMAGED).orElseThrow(), 0, 1, 2, 3);
    assertThat(ledger.repair(block(DAMAGED), Optional.of(all)).whole()).isTrue();
    assertThat(ledger.checkpointCertificate(DAMAGED)).contains(all);
  }

  @Test
  void certificateThatComesOtherwiseReplacesOneThatIsDamaged() {
    damage(Table.CERTIFICATE);
    ledger.putCheckpointCertificate(certificate(DAMAGED).orElseThrow());
    assertThat(entries(store)).isEqualTo(intact);
  }

  private CommittedBlock another(int height) {
    Transaction other = chain.put(1_000, "other", "block");
    return chain.commit(chain.block(block(height - 1).block().header(), List.of(other)));
  }

  @Test
  void anotherBlockIsRefusedWhateverIsLeftToKnowItBy() {
    CommittedBlock other = another(DAMAGED);
    List<Table> gone = new ArrayList<>();
    for (Table next : List.of(Table.HEADER, Table.CHECKPOINT, Table.CERTIFICATE)) {
      gone.add(next);
      damage(gone.toArray(new Table[0]));
      Map<ByteString, ByteString> before = entries(store);
      assertThat(ledger.repair(other, Optional.empty())).isEqualTo(RepairResult.REFUSED);
      assertThat(entries(store)).isEqualTo(before);
    }
    damage(Table.HEADER.key(DAMAGED + 1)); // now nothing says which block it was
    assertThat(repair().accepted()).isFalse();
    assertThat(ledger.repair(block(DAMAGED + 1), certificate(DAMAGED + 1)).whole()).isTrue();
    assertWhole(3);
  }

  @Test
  void blocksThatTheLedgerHasNotAreRefused() throws LedgerException {
    Ledger shorter = Ledger.open(new MemoryStore(), chain.spec());
    shorter.apply(block(1));
    shorter.putCheckpointCertificate(certificate(2).orElseThrow()); // may come before the block
    assertThat(shorter.repair(block(2), certificate(2)).accepted()).isFalse();
    assertThat(shorter.header(2)).isEmpty();
    TestChain foreign = new TestChain(7);
    CommittedBlock stranger =
        foreign.commit(foreign.block(foreign.spec().genesisHeader(), List.of()));
    assertThat(shorter.repair(stranger, Optional.empty()).accepted()).isFalse();
  }

  @Test
  void certificateOfAnotherResultStopsTheLedgerAndIsNotKept() {
    damage(Table.HEADER, Table.CERTIFICATE);
    Map<ByteString, ByteString> before = entries(store);
    Checkpoint own = ledger.checkpoint(DAMAGED).orElseThrow();
    Checkpoint wrong = new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO);
    assertThatThrownBy(
            () -> ledger.repair(block(DAMAGED), Optional.of(chain.certificate(wrong, 0, 1))))
        .isInstanceOf(DivergenceError.class);
    assertThat(entries(store)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEADER", "TRANSACTIONS", "CHECKPOINT"})
  void entryThatIsMissingThoughItIsKeptIsDamage(Table table) {
    store.write(new Batch().delete(table.key(DAMAGED)), true);
    assertThatThrownBy(
            () -> {
              var unused = ledger.block(DAMAGED);
              unused.ifPresent(block -> ledger.header(DAMAGED));
              ledger.checkpoint(DAMAGED);
            })
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("the store is damaged: no ");
    assertWhole(1);
    assertThat(ledger.block(BLOCKS + 1)).isEmpty();
    assertThat(ledger.header(BLOCKS + 1)).isEmpty();
    assertThat(ledger.checkpoint(BLOCKS + 1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEADER", "TRANSACTIONS", "RECEIPTS", "CHECKPOINT", "CERTIFICATE"})
  void entryThatIsKnownToBeLostComesBack(Table table) throws LedgerException {
    store.write(new Batch().put(table.key(DAMAGED), ChainStore.lost()), true);
    assertThat(Ledger.open(store, chain.spec()).checkpoint().height()).isEqualTo(BLOCKS);
    assertWhole(1);
  }

  @Test
  void blockOfWhichNothingIsLeftIsDroppedOnlyIfItIsKnownToBeLost() {
    byte[] receipts = Table.RECEIPTS.key(DAMAGED);
    byte[] transactions = Table.TRANSACTIONS.key(DAMAGED);
    damage(receipts);
    damage(transactions);
    assertThat(ledger.prune(DAMAGED + 1)).isTrue();
    assertThat(ledger.transactionsFrom()).isEqualTo(DAMAGED);
    assertThatThrownBy(() -> ledger.prune(DAMAGED + 1)).isInstanceOf(StorageException.class);
    store.write(
        new Batch().put(receipts, ChainStore.lost()).put(transactions, ChainStore.lost()), true);
    assertThat(ledger.prune(DAMAGED + 1)).isFalse();
    assertThat(ledger.block(DAMAGED)).isEmpty();
  }

  @Test
  void whatWasDroppedDoesNotComeBack() {
    while (ledger.prune(DAMAGED + 1)) {
      // 64 blocks at a time
    }
    intact = entries(store);
    damage(Table.HEADER);
    assertWhole(1);
    assertThat(ledger.block(DAMAGED)).isEmpty();
  }

  @Test
  void blockWhoseReceiptsAreLostIsDroppedAllTheSame() {
    damage(Table.RECEIPTS);
    assertThat(ledger.prune(DAMAGED + 1)).isFalse();
    assertThat(ledger.transaction(transaction(1))).isEmpty();
  }

  @Test
  void flippedBitsOfATableAreRepaired(@TempDir Path folder) throws Exception {
    int count = 300;
    int damaged = 60;
    try (Ledger onDisk = Ledger.open(LevelDbStore.open(folder), chain.spec())) {
      fill(onDisk, count);
    }
    LevelDbStore.open(folder).close(); // makes a table of the log
    CommittedBlock block = block(damaged);
    BitFlips.flip(folder, ChainStore.list(block.block().transactions()));
    BitFlips.flip(folder, certificate(damaged + 40).orElseThrow().encoded());

    try (Ledger onDisk = Ledger.open(LevelDbStore.open(folder), chain.spec())) {
      assertThatThrownBy(() -> onDisk.block(damaged)).isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> onDisk.checkpointCertificate(damaged + 40))
          .isInstanceOf(StorageException.class);
      int repaired = 0;
      for (int height = 1; height <= count; height++) { // neighbours share the checksum
        RepairResult result = onDisk.repair(block(height), certificate(height));
        assertThat(result.whole()).isTrue();
        repaired += result.written();
      }
      assertThat(repaired).isBetween(2, 100);
      assertThat(onDisk.block(damaged)).contains(block);
      assertThat(onDisk.apply(chain.next(onDisk)).checkpoint().height()).isEqualTo(count + 1);
    }
    try (Ledger onDisk = Ledger.open(LevelDbStore.open(folder), chain.spec())) {
      for (int height = 1; height <= count; height++) {
        assertThat(onDisk.block(height)).contains(block(height));
        assertThat(onDisk.checkpointCertificate(height)).isEqualTo(certificate(height));
      }
    }
  }
}
