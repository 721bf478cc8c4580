package org.quorate.ledger.salvage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.RepairResult;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.audit.AuditObserver;
import org.quorate.ledger.audit.AuditResult;
import org.quorate.ledger.audit.LedgerAudit;
import org.quorate.ledger.audit.Workers;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.BitFlips;
import org.quorate.ledger.store.DatabaseFiles;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/** Ledgers on a disk where bits flip, and the ones that are made of what is left. */
final class SalvageTest {
  private static final int BLOCKS = 100;
  private static final int SNAPSHOT = 60;
  private static final int OLD = 20;

  /** So small that the blocks fill several tables, and a log. */
  private static final LevelDbStore.Settings SMALL =
      new LevelDbStore.Settings(96 << 10, 1 << 20, 100);

  @TempDir private Path folder;
  private final TestChain chain = new TestChain();
  private final List<CommittedBlock> blocks = new ArrayList<>();
  private final List<Checkpoint> results = new ArrayList<>();
  private final List<CheckpointCertificate> certificates = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private int runs;

  private Path old() {
    return folder.resolve("ledger");
  }

  private Path made() {
    return folder.resolve("made" + runs);
  }

  private SnapshotFolder snapshots() {
    return SnapshotFolder.view(folder.resolve("snapshots"));
  }

  private void fill(Integer... snapshotHeights) throws LedgerException, IOException {
    try (Ledger ledger = Ledger.open(LevelDbStore.open(old(), SMALL), chain.spec())) {
      for (int height = 1; height <= BLOCKS; height++) {
        CommittedBlock block = chain.next(ledger, transactions(height));
        blocks.add(block);
        results.add(ledger.apply(block).checkpoint());
        CheckpointCertificate certificate =
            height % 5 == 0
                ? chain.certificate(ledger.checkpoint(), 1, 3)
                : chain.certificate(ledger.checkpoint(), 0, 1, 2);
        certificates.add(certificate);
        ledger.putCheckpointCertificate(certificate);
        if (List.of(snapshotHeights).contains(height)) {
          SnapshotFolder.open(folder.resolve("snapshots"))
              .create(
                  ledger.snapshot(),
                  chain.spec().chainHash(),
                  ledger.header(height).orElseThrow(),
                  certificate);
        }
      }
    }
  }

  private Transaction[] transactions(int height) {
    return new Transaction[] {
      chain.put(2L * height, "key " + height, "value ".repeat(100) + height),
      chain.put(2L * height + 1, "key " + height / 2, "another value of " + height),
    };
  }

  private CommittedBlock block(long height) {
    return blocks.get((int) height - 1);
  }

  private CheckpointCertificate certificate(long height) {
    return certificates.get((int) height - 1);
  }

  private static CommittedHeader header(CommittedBlock block) {
    return new CommittedHeader(block.block().header(), block.commit());
  }

  private static byte[] transactions(CommittedBlock block) {
    return new Encoder().list(block.block().transactions()).toBytes();
  }

  // Damage.

  private List<Path> files(String names) throws IOException {
    return BitFlips.files(old(), names);
  }

  private void flip(byte[] value) throws IOException {
    BitFlips.flip(old(), value);
  }

  private void change(Batch batch) {
    try (LevelDbStore store = LevelDbStore.open(old(), SMALL)) {
      store.write(batch, true);
    }
  }

  // The remedy.

  private SalvageResult salvage() throws LedgerException, IOException {
    runs++;
    Map<Path, ByteString> before = contents();
    SalvageObserver observer =
        new SalvageObserver() {
          @Override
          public void refuses(long height, String reason) {
            refused.add(height + ": " + reason);
          }
        };
    try (DatabaseFiles files = DatabaseFiles.open(old());
        LevelDbStore store = LevelDbStore.open(made(), SMALL)) {
      SalvageResult result =
          new Salvage(files, chain.spec(), snapshots(), Workers.NONE, observer).run(store);
      assertThat(contents()).isEqualTo(before);
      return result;
    }
  }

  private SalvageResult.Saved saved() throws LedgerException, IOException {
    return (SalvageResult.Saved) salvage();
  }

  private Map<Path, ByteString> contents() throws IOException {
    Map<Path, ByteString> contents = new TreeMap<>();
    for (Path file : files(".*")) {
      contents.put(file, ByteString.of(Files.readAllBytes(file)));
    }
    return contents;
  }

  /** All but the index of the state, which depends on when it was written. */
  private static Map<ByteString, ByteString> entries(Path store) {
    Predicate<ByteString> index =
        key ->
            key.startsWith(ByteString.of(Table.PAGE.key()))
                || key.startsWith(ByteString.of(Table.CHANGED.key()));
    Map<ByteString, ByteString> entries = new TreeMap<>();
    try (LevelDbStore opened = LevelDbStore.open(store)) {
      opened.scan(
          new byte[0],
          (key, value) -> {
            entries.put(ByteString.of(key), ByteString.of(value));
            return true;
          });
    }
    entries.keySet().removeIf(index);
    return entries;
  }

  private static void assertSame(
      Map<ByteString, ByteString> found, Map<ByteString, ByteString> expected) {
    List<ByteString> different = new ArrayList<>();
    for (Map<ByteString, ByteString> keys : List.of(found, expected)) {
      for (ByteString key : keys.keySet()) {
        if (!Objects.equals(found.get(key), expected.get(key))) {
          different.add(key);
        }
      }
    }
    assertThat(different).isEmpty();
  }

  private AuditResult audit() {
    try (LevelDbStore store = LevelDbStore.open(made())) {
      return new LedgerAudit(
              store, chain.spec(), new MemoryStore(), Workers.NONE, AuditObserver.NONE)
          .withSnapshots(snapshots())
          .run();
    }
  }

  private Ledger open() throws LedgerException {
    return Ledger.open(LevelDbStore.open(made()), chain.spec());
  }

  private void assertSameAsBefore(SalvageResult.Saved saved, Map<ByteString, ByteString> entries) {
    assertThat(saved.whole()).as(saved.toString()).isTrue();
    assertThat(saved.tip()).isEqualTo(results.get(BLOCKS - 1));
    assertSame(entries(made()), entries);
    assertThat(audit()).isInstanceOf(AuditResult.Sound.class);
  }

  @Test
  void soundLedgerBecomesTheSameAgainFromItsSnapshot() throws Exception {
    fill(SNAPSHOT);
    Map<ByteString, ByteString> entries = entries(old());
    SalvageResult.Saved saved = saved();
    assertSameAsBefore(saved, entries);
    assertThat(saved.startHeight()).isEqualTo(SNAPSHOT);
    assertThat(saved.oldHeight()).contains((long) BLOCKS);
  }

  @Test
  void soundLedgerBecomesTheSameAgainFromTheGenesis() throws Exception {
    fill();
    SalvageResult.Saved saved = saved();
    assertSameAsBefore(saved, entries(old()));
    assertThat(saved.startHeight()).isZero();
  }

  @Test
  void damagedIndexesAndAMissingListOfTablesCostNothing() throws Exception {
    fill(SNAPSHOT);
    Map<ByteString, ByteString> entries = entries(old());
    BitFlips.flipIndexes(old());
    for (Path file : files("CURRENT|MANIFEST.*")) {
      Files.delete(file);
    }
    assertThatThrownBy(() -> LevelDbStore.open(old())).isInstanceOf(StorageException.class);
    assertSameAsBefore(saved(), entries);
  }

  @Test
  void damagedStateIsNotNeeded() throws Exception {
    fill(SNAPSHOT);
    Map<ByteString, ByteString> entries = entries(old());
    List<ByteString> state =
        entries.keySet().stream()
            .filter(key -> key.startsWith(ByteString.of(Table.STATE.key())))
            .toList();
    flip(entries.get(state.get(0)).bytes());
    flip(entries.get(state.get(state.size() / 2)).bytes());
    assertThatThrownBy(() -> entries(old())).isInstanceOf(StorageException.class);
    assertSameAsBefore(saved(), entries);
  }

  /** Every height but those that are named has all of its entries. */
  private static void assertServed(Ledger ledger, List<Long> lost) {
    for (long height = 1; height <= ledger.checkpoint().height(); height++) {
      if (!lost.contains(height)) {
        assertThat(ledger.block(height)).isPresent();
        assertThat(ledger.header(height)).isPresent();
        assertThat(ledger.checkpoint(height)).isPresent();
        assertThat(ledger.checkpointCertificate(height)).isPresent();
      }
    }
  }

  @Test
  void lostBlocksBelowTheSnapshotAreKnownToBeLostAndComeBackFromPeers() throws Exception {
    fill(SNAPSHOT);
    Map<ByteString, ByteString> entries = entries(old());
    flip(transactions(block(OLD)));
    flip(header(block(OLD + 15)).encoded());
    flip(certificate(OLD + 22).encoded());

    SalvageResult.Saved saved = saved();
    assertThat(saved.end()).as(saved.toString()).isEmpty();
    assertThat(saved.tip()).isEqualTo(results.get(BLOCKS - 1));
    assertThat(saved.kept()).isEqualTo(KeptRecord.ALL);
    assertThat(saved.lost()).containsOnlyKeys(Table.HEADER, Table.TRANSACTIONS, Table.CERTIFICATE);
    List<Long> lost = saved.lostBlocks().stream().map(LostBlock::height).toList();
    assertThat(lost).contains((long) OLD, OLD + 15L, OLD + 22L).hasSizeLessThan(BLOCKS / 2);
    assertThat(audit().toString()).contains("Damaged", "the entry was lost, and no peer");

    try (Ledger ledger = open()) {
      assertThat(ledger.checkpoint()).isEqualTo(results.get(BLOCKS - 1));
      assertServed(ledger, lost);
      assertThatThrownBy(() -> ledger.block(OLD)).isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> ledger.encodedBlock(OLD)).isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> ledger.header(OLD + 15)).isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> ledger.checkpointCertificate(OLD + 22))
          .isInstanceOf(StorageException.class);
      for (long height : lost) {
        assertThat(ledger.repair(block(height), Optional.of(certificate(height))))
            .extracting(RepairResult::whole)
            .isEqualTo(true);
      }
      assertServed(ledger, List.of());
    }
    assertSame(entries(made()), entries);
    assertThat(audit()).isInstanceOf(AuditResult.Sound.class);
  }

  @Test
  void ledgerEndsInFrontOfALostBlockAboveTheSnapshot() throws Exception {
    fill(SNAPSHOT);
    flip(transactions(block(SNAPSHOT + 20)));
    SalvageResult.Saved saved = saved();
    long height = saved.tip().height();
    assertThat(height).isBetween((long) SNAPSHOT, SNAPSHOT + 19L);
    assertThat(saved.tip()).isEqualTo(results.get((int) height - 1));
    assertThat(saved.oldHeight()).contains((long) BLOCKS);
    assertThat(saved.end()).contains("block " + (height + 1) + " cannot be read");
    assertThat(audit()).isInstanceOf(AuditResult.Sound.class);
    try (Ledger ledger = open()) {
      for (long next = height + 1; next <= BLOCKS; next++) {
        assertThat(ledger.apply(block(next)).checkpoint()).isEqualTo(results.get((int) next - 1));
      }
    }
  }

  @Test
  void blockThatIsNotFinalIsNotExecuted() throws Exception {
    fill(SNAPSHOT);
    CommittedHeader sound = header(block(SNAPSHOT + 5));
    CommittedHeader other = header(block(SNAPSHOT + 4));
    change(
        new Batch()
            .put(
                Table.HEADER.key(SNAPSHOT + 5),
                new CommittedHeader(sound.header(), other.commit()).encoded()));
    assertThat(saved().tip().height()).isEqualTo(SNAPSHOT + 4);
  }

  @Test
  void whatDoesNotProveItselfIsNotTakenOver() throws Exception {
    fill(SNAPSHOT);
    CommittedBlock fork =
        chain.commit(
            chain.block(
                block(OLD - 1).block().header(), List.of(chain.put(900, "another", "block"))));
    ByteString receipts = ByteString.of(Table.RECEIPTS.key(OLD + 3));
    ByteString sound = entries(old()).get(receipts);
    Checkpoint wrong = new Checkpoint(block(OLD + 2).block().id(), Digest.ZERO, Digest.ZERO);
    change(
        new Batch()
            .put(Table.HEADER.key(OLD), header(fork).encoded()) // not the parent of the next
            .put(Table.TRANSACTIONS.key(OLD + 1), transactions(block(OLD)))
            .put(Table.CERTIFICATE.key(OLD + 2), chain.certificate(wrong, 3).encoded())
            .put(Table.RECEIPTS.key(OLD + 3), new byte[] {0, 0, 0, 0}));
    SalvageResult.Saved saved = saved();
    assertThat(saved.lostBlocks())
        .containsExactly(
            new LostBlock(OLD + 2, List.of(Table.CERTIFICATE)),
            new LostBlock(OLD + 1, List.of(Table.TRANSACTIONS)),
            new LostBlock(OLD, List.of(Table.HEADER, Table.TRANSACTIONS)));
    assertThat(saved.lost().values()).containsExactly(1L, 2L, 1L);
    assertThat(entries(made()).get(receipts)).isEqualTo(sound); // from the records
  }

  @Test
  void whatFollowsFromOtherEntriesIsNotLost() throws Exception {
    fill(SNAPSHOT);
    Map<ByteString, ByteString> entries = entries(old());
    Batch batch =
        new Batch()
            .delete(Table.CHECKPOINT.key(OLD)) // the certificate has it
            .delete(Table.RECEIPTS.key(OLD + 1)); // the records have them
    block(OLD + 2)
        .block()
        .transactions()
        .forEach(transaction -> batch.delete(Table.TRANSACTION.key(transaction.hash().bytes())));
    change(batch);
    assertSameAsBefore(saved(), entries);
  }

  @Test
  void ledgerOpensThoughAResultIsLostWithItsProof() throws Exception {
    fill(SNAPSHOT);
    Digest transaction = block(OLD).block().transactions().get(0).hash();
    change(
        new Batch()
            .delete(Table.CHECKPOINT.key(OLD))
            .put(Table.CERTIFICATE.key(OLD), new byte[] {1})
            .delete(Table.RECEIPTS.key(OLD))
            .delete(Table.TRANSACTION.key(transaction.bytes())));
    SalvageResult.Saved saved = saved();
    assertThat(saved.lostBlocks())
        .containsExactly(
            new LostBlock(
                OLD,
                List.of(Table.CHECKPOINT, Table.CERTIFICATE, Table.RECEIPTS, Table.TRANSACTION)));
    try (Ledger ledger = open()) {
      assertThatThrownBy(() -> ledger.checkpoint(OLD)).isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> ledger.transaction(transaction))
          .isInstanceOf(StorageException.class);
      ledger.putCheckpointCertificate(certificate(OLD));
      assertThat(ledger.repair(block(OLD), Optional.of(certificate(OLD))).lost())
          .containsExactly(Table.RECEIPTS);
      assertThat(ledger.checkpoint(OLD)).contains(results.get(OLD - 1));
    }
  }

  @Test
  void newestSnapshotOfUseIsTheStart() throws Exception {
    fill(OLD, SNAPSHOT, SNAPSHOT + 20);
    Map<ByteString, ByteString> entries = entries(old());
    BitFlips.flip(folder.resolve("snapshots").resolve("" + (SNAPSHOT + 20)).resolve("0"), 50);
    BitFlips.flip(folder.resolve("snapshots").resolve("" + SNAPSHOT).resolve("manifest"), 50);
    SalvageResult.Saved saved = saved();
    assertThat(saved.startHeight()).isEqualTo(OLD);
    assertThat(refused).hasSize(2);
    assertSameAsBefore(saved, entries);
  }

  @Test
  void prunedLedgerKeepsWhatItKept() throws Exception {
    fill(OLD, SNAPSHOT);
    try (Ledger ledger = Ledger.open(LevelDbStore.open(old(), SMALL), chain.spec())) {
      assertThat(ledger.prune(OLD + 1)).isFalse();
    }
    Map<ByteString, ByteString> entries = entries(old());
    SalvageResult.Saved saved = saved();
    assertThat(saved.kept()).isEqualTo(new KeptRecord(1, OLD + 1));
    assertThat(saved.keptIsKnown()).isTrue();
    assertSameAsBefore(saved, entries);
  }

  @Test
  void snapshotWhoseNextBlocksWereDroppedIsOfNoUse() throws Exception {
    fill(OLD, SNAPSHOT);
    try (Ledger ledger = Ledger.open(LevelDbStore.open(old(), SMALL), chain.spec())) {
      assertThat(ledger.prune(SNAPSHOT - 10)).isFalse();
    }
    BitFlips.flip(folder.resolve("snapshots").resolve("" + SNAPSHOT).resolve("0"), 50);
    assertThat(salvage()).isInstanceOf(SalvageResult.NoStart.class);
    assertThat(refused.get(1)).isEqualTo(OLD + ": the blocks after it were dropped");
  }

  @Test
  void whatWasKeptIsConcludedIfItCannotBeRead() throws Exception {
    fill(SNAPSHOT);
    try (Ledger ledger = Ledger.open(LevelDbStore.open(old(), SMALL), chain.spec())) {
      assertThat(ledger.prune(OLD + 1)).isFalse();
    }
    try (LevelDbStore store = LevelDbStore.open(old(), SMALL)) {
      store.compact(new byte[] {0}, new byte[] {(byte) 0xff}); // else what was dropped is found
    }
    Map<ByteString, ByteString> entries = entries(old());
    flip(new KeptRecord(1, OLD + 1).encoded());
    SalvageResult.Saved saved = saved();
    assertThat(saved.keptIsKnown()).isFalse();
    assertThat(saved.kept()).isEqualTo(new KeptRecord(1, OLD + 1));
    assertThat(entries(made()).get(ByteString.of(Table.KEPT.key())))
        .isEqualTo(entries.get(ByteString.of(Table.KEPT.key())));
  }

  @Test
  void withoutASnapshotAPrunedLedgerHasNoStart() throws Exception {
    fill();
    try (Ledger ledger = Ledger.open(LevelDbStore.open(old(), SMALL), chain.spec())) {
      assertThat(ledger.prune(OLD)).isFalse();
    }
    assertThat(((SalvageResult.NoStart) salvage()).reason())
        .contains("no sound snapshot", "transactions from block " + OLD);
  }

  @Test
  void withoutASnapshotAndTheFirstBlockThereIsNoStart() throws Exception {
    fill();
    change(new Batch().delete(Table.TRANSACTIONS.key(1)));
    assertThat(((SalvageResult.NoStart) salvage()).reason()).contains("block 1 cannot be read");
  }

  @Test
  void snapshotAloneIsEnough() throws Exception {
    fill(SNAPSHOT);
    for (Path file : files(BitFlips.TABLES_AND_LOGS)) {
      Files.write(file, new byte[500]);
    }
    SalvageResult.Saved saved = saved();
    assertThat(saved.tip()).isEqualTo(results.get(SNAPSHOT - 1));
    assertThat(saved.oldHeight()).isEmpty();
    assertThat(saved.end().orElseThrow()).contains("how far the damaged ledger went");
    try (Ledger ledger = open()) {
      assertThat(ledger.apply(block(SNAPSHOT + 1)).checkpoint()).isEqualTo(results.get(SNAPSHOT));
    }
  }

  @Test
  void resultThatIsNotTheProvenOneEndsIt() throws Exception {
    fill(SNAPSHOT);
    Checkpoint own = results.get(SNAPSHOT + 9);
    Checkpoint wrong = new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO);
    change(
        new Batch()
            .put(Table.CERTIFICATE.key(SNAPSHOT + 10), chain.certificate(wrong, 0, 1).encoded()));
    assertThat(salvage()).isEqualTo(new SalvageResult.Diverged(own, wrong, true));
  }

  @Test
  void resultThatIsNotTheOneTheNodeSignedEndsIt() throws Exception {
    fill(SNAPSHOT);
    Checkpoint own = results.get(SNAPSHOT + 9);
    Checkpoint wrong = new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO);
    change(
        new Batch()
            .put(Table.CHECKPOINT.key(SNAPSHOT + 10), wrong.encoded())
            .delete(Table.CERTIFICATE.key(SNAPSHOT + 10)));
    assertThat(salvage()).isEqualTo(new SalvageResult.Diverged(own, wrong, false));
    change(
        new Batch()
            .put(Table.CHECKPOINT.key(SNAPSHOT + 10), own.encoded())
            .put(Table.CHECKPOINT.key(SNAPSHOT), wrong.encoded()));
    assertThat(salvage())
        .isEqualTo(new SalvageResult.Diverged(wrong, results.get(SNAPSHOT - 1), true));
  }

  @Test
  void certificatesOfBlocksToComeAreKept() throws Exception {
    fill(SNAPSHOT);
    CommittedBlock next = chain.commit(chain.block(block(BLOCKS).block().header(), List.of()));
    CheckpointCertificate early =
        chain.certificate(new Checkpoint(next.block().id(), Digest.ZERO, Digest.ZERO), 0, 1, 2);
    try (Ledger ledger = Ledger.open(LevelDbStore.open(old(), SMALL), chain.spec())) {
      ledger.putCheckpointCertificate(early);
    }
    assertSameAsBefore(saved(), entries(old()));
  }

  @Test
  void storeOfAnotherChainOrNoneIsRefused() throws Exception {
    fill();
    try (DatabaseFiles files = DatabaseFiles.open(old())) {
      Salvage other =
          new Salvage(
              files, new TestChain(7).spec(), snapshots(), Workers.NONE, SalvageObserver.NONE);
      assertThatThrownBy(() -> other.run(new MemoryStore()))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("the store holds the chain");
    }
    Files.createDirectories(folder.resolve("empty"));
    try (DatabaseFiles files = DatabaseFiles.open(folder.resolve("empty"))) {
      Salvage none =
          new Salvage(files, chain.spec(), snapshots(), Workers.NONE, SalvageObserver.NONE);
      assertThatThrownBy(() -> none.run(new MemoryStore()))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("it has no tip");
    }
  }

  /** Whatever is flipped: what comes out is a part of what was there, or what is lost is told. */
  @Test
  void whereverBitsFlipWhatIsSavedIsRight() throws Exception {
    fill(SNAPSHOT);
    Map<ByteString, ByteString> entries = entries(old());
    int same = 0;
    for (int seed = 1; seed <= 6; seed++) {
      List<Path> flipped = new ArrayList<>();
      List<Long> places = new ArrayList<>();
      for (Path file : files(BitFlips.TABLES_AND_LOGS)) {
        for (int i = 0; i < seed % 4 + 1 && Files.size(file) > 0; i++) {
          flipped.add(file);
          places.add(Math.floorMod(31_337L * seed * (i + 1) * 7_919, Files.size(file)));
        }
      }
      for (int i = 0; i < flipped.size(); i++) {
        BitFlips.flip(flipped.get(i), places.get(i));
      }
      SalvageResult.Saved saved = saved();
      assertThat(saved.tip()).isEqualTo(results.get((int) saved.tip().height() - 1));
      try (Ledger ledger = open()) {
        for (long height : heights(saved)) {
          ledger.repair(block(height), Optional.of(certificate(height)));
        }
        for (long next = saved.tip().height() + 1; next <= BLOCKS; next++) {
          ledger.apply(block(next));
          ledger.putCheckpointCertificate(certificate(next));
        }
      }
      Map<ByteString, ByteString> made = entries(made());
      if (!saved.lost().containsKey(Table.RECEIPTS) && saved.kept().equals(KeptRecord.ALL)) {
        same++;
        assertSame(made, entries);
      }
      for (int i = 0; i < flipped.size(); i++) {
        BitFlips.flip(flipped.get(i), places.get(i));
      }
    }
    assertThat(same).isGreaterThan(2);
  }

  private static List<Long> heights(SalvageResult.Saved saved) {
    return LongStream.rangeClosed(1, saved.tip().height()).boxed().toList();
  }
}
