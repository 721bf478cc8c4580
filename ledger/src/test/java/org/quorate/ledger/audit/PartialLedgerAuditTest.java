package org.quorate.ledger.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.audit.AuditObserver.Beginning;
import org.quorate.ledger.audit.AuditResult.Execution;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Vote;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.snapshot.SnapshotRestore;
import org.quorate.ledger.state.StateEntry;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.Table;

/** Audits of ledgers that were pruned, or began with a snapshot. */
final class PartialLedgerAuditTest {
  private static final ByteString TOTAL = Namespace.APPLICATION.key("total".getBytes(UTF_8));

  @TempDir private Path temp;

  private AuditedChain audited;
  private TestChain chain;
  private SnapshotFolder snapshots;
  private final List<String> refused = new ArrayList<>();
  private final List<Beginning> beginnings = new ArrayList<>();

  @BeforeEach
  void makeLedger() throws LedgerException {
    audited = new AuditedChain();
    chain = audited.chain;
    snapshots = SnapshotFolder.view(temp.resolve("snapshots"));
  }

  private final class Seen implements AuditObserver {
    @Override
    public void refuses(long snapshotHeight, String reason) {
      refused.add(snapshotHeight + ": " + reason);
    }

    @Override
    public void begins(Beginning beginning) {
      beginnings.add(beginning);
    }
  }

  private AuditResult audit(KeyValueStore store) {
    return audit(store, new MemoryStore(), new Seen());
  }

  private AuditResult audit(KeyValueStore store, KeyValueStore scratch, AuditObserver observer) {
    return new LedgerAudit(store, chain.spec(), scratch, Workers.NONE, observer)
        .withSnapshots(snapshots)
        .run();
  }

  private String verdict(KeyValueStore store) {
    return audit(store) instanceof AuditResult.Damaged damaged
        ? damaged.damage().sentence()
        : "sound";
  }

  private Execution execution(KeyValueStore store) {
    return ((AuditResult.Sound) audit(store)).execution();
  }

  private static void put(KeyValueStore store, byte[] key, byte[] value) {
    store.write(new Batch().put(key, value), true);
  }

  private static void put(KeyValueStore store, Table table, long height, Encodable value) {
    put(store, table.key(height), value.encoded());
  }

  private static void remove(KeyValueStore store, byte[] key) {
    store.write(new Batch().delete(key), true);
  }

  private static MemoryStore copy(KeyValueStore store) {
    MemoryStore copy = new MemoryStore();
    for (Entry entry : entries(store)) {
      put(copy, entry.key(), entry.value());
    }
    return copy;
  }

  private static List<Entry> entries(KeyValueStore store) {
    return Entries.page(store, new byte[0], new byte[0], Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  /** A ledger that began with the snapshot of height 6 and goes on to height 12. */
  private MemoryStore begun() throws LedgerException, IOException, MalformedException {
    SnapshotFolder others = SnapshotFolder.view(temp.resolve("others"));
    Manifest manifest = audited.snapshot(others, 6);
    MemoryStore store = new MemoryStore();
    SnapshotRestore restore = SnapshotRestore.begin(store, manifest);
    for (int i = 0; i < manifest.chunks().size(); i++) {
      restore.add(i, others.chunk(6, i).orElseThrow());
    }
    restore.finish(chain.spec());
    Ledger ledger = Ledger.open(store, chain.spec());
    for (int height = 7; height <= 12; height++) {
      ledger.apply(audited.blocks.get(height - 1));
      audited.ledger().checkpointCertificate(height).ifPresent(ledger::putCheckpointCertificate);
    }
    return store;
  }

  // What is sound, and what was executed.

  @Test
  void prunedLedgerIsExecutedAgainFromTheLowestSnapshotThatMakesUpForItsBlocks() throws Exception {
    for (long height : new long[] {4, 6, 10}) {
      audited.snapshot(snapshots, height);
    }
    Checkpoint tip = audited.ledger().checkpoint();
    audited.prune(7);
    AuditResult.Sound expected =
        new AuditResult.Sound(
            tip.block(),
            tip.stateRoot(),
            new KeptRecord(1, 7),
            new Execution.FromSnapshot(6),
            18,
            9,
            12,
            15,
            Optional.empty());
    assertThat(audit(audited.store)).isEqualTo(expected);
    assertThat(beginnings).containsExactly(new Beginning.First(new Execution.FromSnapshot(6)));
    audited.prune(8);
    assertThat(execution(audited.store)).isEqualTo(new Execution.FromSnapshot(10));
    audited.prune(12);
    assertThat(execution(audited.store)).isEqualTo(new Execution.None(true));
    assertThat(refused).isEmpty();
  }

  @Test
  void ledgerThatKeepsAllIsExecutedFromTheGenesisWhateverSnapshotsThereAre() throws Exception {
    audited.snapshot(snapshots, 6);
    assertThat(execution(audited.store)).isEqualTo(new Execution.FromGenesis());
  }

  @Test
  void snapshotOfTheTipIsComparedWithTheState() throws Exception {
    audited.snapshot(snapshots, 12);
    audited.prune(12);
    assertThat(execution(audited.store)).isEqualTo(new Execution.FromSnapshot(12));
    putTotal();
    assertThat(verdict(audited.store)).contains(TOTAL.hex(), "is not that of the execution");
  }

  @Test
  void prunedLedgerWithoutASnapshotIsCheckedWithoutExecution() {
    audited.prune(7);
    AuditResult.Sound sound = (AuditResult.Sound) audit(audited.store);
    assertThat(sound.execution()).isEqualTo(new Execution.None(true));
    assertThat(sound.transactions()).isEqualTo(18);
    assertThat(sound.stateEntries()).isEqualTo(15);
    assertThat(sound.certificates()).isEqualTo(9);
  }

  @Test
  void resultThatNobodySignedIsCalledSoIfNothingIsExecuted() throws LedgerException {
    audited.apply(chain.next(audited.ledger(), chain.put(100, "k", "v")));
    audited.prune(7);
    assertThat(execution(audited.store)).isEqualTo(new Execution.None(false));
  }

  @Test
  void ledgerThatBeganWithASnapshotIsSound() throws Exception {
    KeyValueStore store = begun();
    AuditResult.Sound alone = (AuditResult.Sound) audit(store);
    assertThat(alone.kept()).isEqualTo(new KeptRecord(6, 7));
    assertThat(alone.execution()).isEqualTo(new Execution.None(true));
    assertThat(alone.certificates()).isEqualTo(5);
    audited.snapshot(snapshots, 8);
    assertThat(execution(store)).isEqualTo(new Execution.FromSnapshot(8));
    audited.snapshot(snapshots, 6);
    assertThat(execution(store)).isEqualTo(new Execution.FromSnapshot(6));
  }

  @Test
  void storeIntoWhichASnapshotIsOnItsWayIsNoDamagedLedger() throws Exception {
    Manifest manifest = audited.snapshot(snapshots, 6);
    MemoryStore store = new MemoryStore();
    SnapshotRestore restore = SnapshotRestore.begin(store, manifest);
    assertThat(audit(store)).isEqualTo(new AuditResult.Restoring(6, 0, 1));
    restore.add(0, snapshots.chunk(6, 0).orElseThrow());
    assertThat(audit(store)).isEqualTo(new AuditResult.Restoring(6, 1, 1));
    put(store, Table.RESTORING.key(), new byte[] {1});
    assertThat(verdict(store)).contains("key i: malformed");
    put(audited.store, Table.RESTORING.key(), manifest.encoded());
    assertThat(verdict(audited.store)).isEqualTo("key i: no ledger has such a key");
  }

  // Damage.

  @Test
  void eachEntryThatIsMissingOrInWhichAByteIsAnotherIsFound() throws Exception {
    KeyValueStore begun = begun();
    audited.prune(7);
    // Nobody signed the results 3, 7 and 11: they are found by execution or not at all.
    String three = Entry.name(Table.CHECKPOINT.key(3));
    String seven = Entry.name(Table.CHECKPOINT.key(7));
    String eleven = Entry.name(Table.CHECKPOINT.key(11));
    assertEachIsFound(audited.store, Set.of(three, seven, eleven));
    assertEachIsFound(begun, Set.of(seven, eleven));
    audited.snapshot(snapshots, 6);
    assertEachIsFound(audited.store, Set.of(three));
    assertEachIsFound(begun, Set.of());
  }

  private void assertEachIsFound(KeyValueStore store, Set<String> nobodySigned) {
    int turn = 0;
    for (Entry entry : entries(store)) {
      char table = (char) entry.key()[0];
      String name = Entry.name(entry.key());
      MemoryStore missing = copy(store);
      remove(missing, entry.key());
      // Certificates may be lost, but for the one that proves where the ledger began.
      if ("mxp".indexOf(table) < 0) {
        assertThat(verdict(missing)).as(name).isNotEqualTo("sound");
      }
      byte[] value = entry.value().clone();
      value[7 * turn++ % value.length] ^= 1;
      MemoryStore altered = copy(store);
      put(altered, entry.key(), value);
      if ("mx".indexOf(table) < 0 && !nobodySigned.contains(name)) {
        assertThat(verdict(altered)).as(name).isNotEqualTo("sound");
      }
    }
  }

  @Test
  void whatIsLeftOfADroppedBlockIsNamed() throws Exception {
    Digest hash = audited.blocks.get(4).block().transactions().get(1).hash();
    TransactionRecord record = audited.ledger().transaction(hash).orElseThrow();
    byte[] transactions = audited.store.get(Table.TRANSACTIONS.key(5)).orElseThrow();
    audited.prune(7);
    MemoryStore withRecord = copy(audited.store);
    put(withRecord, Table.TRANSACTION.key(hash.bytes()), record.encoded());
    assertThat(verdict(withRecord))
        .isEqualTo(
            "key t%s: the record of a transaction that no block has of those whose transactions are"
                    .formatted(hash.hex())
                + " kept, from 7");
    put(audited.store, Table.TRANSACTIONS.key(5), transactions);
    assertThat(verdict(audited.store))
        .isEqualTo("key b0000000000000005: the ledger keeps such entries from height 7 only");
  }

  @Test
  void moreOrLessThanTheLedgerSaysThatItKeepsIsNamed() throws Exception {
    KeyValueStore begun = begun();
    audited.prune(7);
    assertKept(audited.store, 1, 6, "height 6, key b0000000000000006: the entry is missing");
    assertKept(audited.store, 1, 8, "key b0000000000000007: the ledger keeps");
    assertKept(audited.store, 3, 7, "key h0000000000000001: the ledger keeps");
    assertKept(audited.store, 1, 14, "key o: transactions are kept from height 14, but");
    assertKept(audited.store, 7, 7, "key o: a ledger that began with a snapshot of block 7");
    assertKept(begun, 1, 7, "height 0, key c0000000000000000: the entry is missing");
    assertKept(begun, 5, 7, "height 5, key h0000000000000005: the entry is missing");
    assertKept(begun, 7, 8, "key b0000000000000007: the ledger keeps");
    put(audited.store, Table.KEPT.key(), new Encoder().u64(8).u64(7).toBytes());
    assertThat(verdict(audited.store)).contains("key o: malformed");
    remove(audited.store, Table.KEPT.key());
    assertThat(verdict(audited.store))
        .isEqualTo("height 1, key b0000000000000001: the entry is missing");
  }

  private void assertKept(
      KeyValueStore store, long headersFrom, long transactionsFrom, String damage) {
    MemoryStore other = copy(store);
    put(other, Table.KEPT.key(), new KeptRecord(headersFrom, transactionsFrom).encoded());
    assertThat(verdict(other)).contains(damage);
  }

  private void putTotal() {
    byte[] path = Table.STATE.key(StateEntry.path(TOTAL).bytes());
    put(audited.store, path, new StateEntry(TOTAL, ByteString.utf8("1000000")).encoded());
  }

  @Test
  void wrongValueOfTheStateIsFoundWithASnapshotAndWithoutOne() throws Exception {
    audited.prune(7);
    putTotal();
    assertThat(verdict(audited.store))
        .startsWith("height 12, the state has the root ")
        .endsWith("has " + audited.ledger().checkpoint().stateRoot());
    audited.snapshot(snapshots, 6);
    assertThat(verdict(audited.store)).contains(TOTAL.hex(), "is not that of the execution");
  }

  @Test
  void valueOfTheStateAtThePlaceOfAnotherIsNamed() {
    audited.prune(7);
    byte[] path = Table.STATE.key(StateEntry.path(TOTAL).bytes());
    ByteString other = Namespace.APPLICATION.key("t0tal".getBytes(UTF_8));
    put(audited.store, path, new StateEntry(other, ByteString.utf8("10")).encoded());
    assertThat(verdict(audited.store))
        .contains("key " + Entry.name(path) + ": the state has here the key of another place");
  }

  @Test
  void resultThatTheReplicaMadeUpIsFoundByExecutionFromTheSnapshot() throws Exception {
    audited.snapshot(snapshots, 6);
    audited.prune(7);
    Checkpoint own = audited.ledger().checkpoint(7).orElseThrow();
    Checkpoint other = new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO);
    put(audited.store, Table.CHECKPOINT, 7, other);
    assertThat(verdict(audited.store))
        .contains("height 7, key c0000000000000007: stored is the result", "executed again");
  }

  @Test
  void receiptsThatDoNotHaveTheRootOfTheResultAreFoundWithoutExecution() {
    audited.prune(7);
    List<Receipt> receipts = new ArrayList<>();
    for (var transaction : audited.blocks.get(6).block().transactions()) {
      receipts.add(new Receipt(transaction.hash(), Receipt.Outcome.EXECUTED, 0));
    }
    put(audited.store, Table.RECEIPTS.key(7), new Encoder().list(receipts).toBytes());
    assertThat(verdict(audited.store))
        .contains("height 7, key r0000000000000007: the receipts have the root");
  }

  @Test
  void resultThatIsNotTheSnapshotsIsFoundThere() throws Exception {
    audited.snapshot(snapshots, 6);
    audited.prune(7);
    Checkpoint own = audited.ledger().checkpoint(6).orElseThrow();
    Checkpoint other = new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO);
    put(audited.store, Table.CHECKPOINT, 6, other);
    remove(audited.store, Table.CERTIFICATE.key(6));
    assertThat(verdict(audited.store))
        .contains("height 6, key c0000000000000006: stored is the result", "snapshot proves");
  }

  @Test
  void blockWithWhichTheLedgerBeganNeedsBothCertificates() throws Exception {
    KeyValueStore store = begun();
    BlockHeader header = audited.blocks.get(5).block().header();
    Vote commit = new Vote(Phase.COMMIT, 0, audited.blocks.get(5).block().id());
    Checkpoint result = audited.ledger().checkpoint(6).orElseThrow();

    MemoryStore fewCommits = copy(store);
    QuorumCertificate few = new QuorumCertificate(commit, chain.signed(commit, 0, 1));
    put(fewCommits, Table.HEADER, 6, new CommittedHeader(header, few));
    assertThat(verdict(fewCommits))
        .contains("height 6, key h0000000000000006: the commit certificate fails");

    MemoryStore forged = copy(store);
    TestChain forgers = new TestChain(7);
    QuorumCertificate theirs = new QuorumCertificate(commit, forgers.signed(commit, 4, 5, 6));
    put(forged, Table.HEADER, 6, new CommittedHeader(header, theirs));
    assertThat(verdict(forged))
        .contains("height 6, key h0000000000000006: the commit certificate fails");

    MemoryStore unproven = copy(store);
    put(unproven, Table.CERTIFICATE, 6, chain.certificate(result, 1));
    assertThat(verdict(unproven)).contains("key p0000000000000006: the checkpoint certificate");

    remove(store, Table.CERTIFICATE.key(6));
    assertThat(verdict(store)).contains("height 6, key p0000000000000006: the entry is missing");
  }

  @Test
  void snapshotThatIsDamagedIsRefusedAndTheNextOneTaken() throws Exception {
    for (long height : new long[] {6, 8, 9, 10}) {
      audited.snapshot(snapshots, height);
    }
    audited.prune(7);
    Path folder = temp.resolve("snapshots");
    Files.write(folder.resolve("6/manifest"), new byte[5]);
    Files.delete(folder.resolve("8/0"));
    byte[] chunk = Files.readAllBytes(folder.resolve("9/0"));
    chunk[chunk.length - 1] ^= 1;
    Files.write(folder.resolve("9/0"), chunk);
    snapshots = SnapshotFolder.view(folder);
    assertThat(execution(audited.store)).isEqualTo(new Execution.FromSnapshot(10));
    assertThat(refused).hasSize(3);
    assertThat(refused.get(0)).startsWith("6: ");
    assertThat(refused.get(1)).isEqualTo("8: chunk 0 is missing");
    assertThat(refused.get(2)).startsWith("9: the chunk's root is");
  }

  // Again and again.

  @Test
  void auditThatWasStoppedGoesOnWithTheSameBeginning() throws Exception {
    KeyValueStore begun = begun();
    Ledger later = Ledger.open(begun, chain.spec());
    for (int i = 13; i <= 150; i++) {
      var block = chain.next(audited.ledger(), chain.put(100 + i, "key " + i, "value"));
      audited.apply(block);
      later.apply(block);
    }
    audited.prune(7);
    assertGoesOn(audited.store, List.of(6L, 70L, 134L));
    assertGoesOn(begun, List.of(70L, 134L));
    audited.snapshot(snapshots, 12);
    assertGoesOn(audited.store, List.of(6L, 70L, 134L));
    assertGoesOn(begun, List.of(70L, 134L));
  }

  private void assertGoesOn(KeyValueStore store, List<Long> expected) {
    AuditResult whole = audit(store);
    assertThat(whole).isInstanceOf(AuditResult.Sound.class);
    MemoryStore scratch = new MemoryStore();
    List<Long> stops = new ArrayList<>();
    AuditResult result = audit(store, scratch, new Stopping());
    while (result instanceof AuditResult.Stopped stopped) {
      stops.add(stopped.height());
      beginnings.clear();
      result = audit(store, scratch, new Stopping());
      assertThat(beginnings).containsExactly(new Beginning.Resumed(stopped.height()));
    }
    assertThat(result).isEqualTo(whole);
    assertThat(stops).isEqualTo(expected);
  }

  /** Stops after each window of blocks but the last. */
  private final class Stopping implements AuditObserver {
    private boolean last = true;

    @Override
    public void begins(Beginning beginning) {
      beginnings.add(beginning);
    }

    @Override
    public void progress(AuditStage stage, long done, long total, long transactions) {
      last = stage != AuditStage.BLOCKS || done == total;
    }

    @Override
    public boolean goesOn() {
      return last;
    }
  }

  @Test
  void scratchOfAnotherBeginningIsNotTrusted() throws Exception {
    MemoryStore scratch = new MemoryStore();
    audited.prune(7);
    audit(audited.store, scratch, new Stopping());
    audited.snapshot(snapshots, 6);
    assertBegunAnew(scratch, "blocks can be executed now, from a snapshot");
    audited.prune(8);
    assertBegunAnew(
        scratch,
        "the ledger had headers from 1 and transactions from 7, and has them from 1 and 8 now");
    audited.snapshot(snapshots, 8);
    audit(audited.store, scratch, new Stopping());
    remove(scratch, new Entries(scratch, Table.STATE.key()).next().key());
    for (Table table : List.of(Table.PAGE, Table.CHANGED)) {
      new Entries(scratch, table.key()).forEachRemaining(entry -> remove(scratch, entry.key()));
    }
    assertBegunAnew(scratch, "its state is damaged");
  }

  private void assertBegunAnew(KeyValueStore scratch, String reason) {
    beginnings.clear();
    assertThat(audit(audited.store, scratch, new Seen())).isInstanceOf(AuditResult.Sound.class);
    assertThat(beginnings).containsExactly(new Beginning.Anew(reason));
  }
}
