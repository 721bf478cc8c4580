package org.quorate.ledger.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.TipRecord;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.audit.AuditObserver.Beginning;
import org.quorate.ledger.audit.AuditResult.Execution;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Vote;
import org.quorate.ledger.state.StateEntry;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

final class LedgerAuditTest {
  private final AuditedChain audited;
  private final TestChain chain;

  LedgerAuditTest() throws LedgerException {
    audited = new AuditedChain();
    chain = audited.chain;
  }

  @Test
  void ledgerThatConsensusAndExecutionMadeIsSound() {
    Checkpoint tip = audited.ledger().checkpoint();
    assertThat(audited.audit())
        .isEqualTo(
            new AuditResult.Sound(
                tip.block(),
                tip.stateRoot(),
                KeptRecord.ALL,
                new Execution.FromGenesis(),
                36,
                9,
                12,
                15,
                Optional.empty()));
  }

  @Test
  void newLedgerIsSound() throws LedgerException {
    MemoryStore store = new MemoryStore();
    Ledger.open(store, chain.spec());
    AuditResult result =
        new LedgerAudit(store, chain.spec(), new MemoryStore(), Workers.NONE, AuditObserver.NONE)
            .run();
    assertThat(result).isInstanceOf(AuditResult.Sound.class);
  }

  // Each entry, missing, altered or too many.

  @Test
  void eachEntryThatIsMissingIsNamed() throws LedgerException {
    for (Entry entry : entries()) {
      AuditedChain damaged = new AuditedChain().remove(entry.key());
      String name = Entry.name(entry.key());
      char table = name.charAt(0);
      boolean mayBeLost = table == 'p' && !name.equals("p000000000000000c");
      if (table == 'm' || table == 'x') {
        assertThat(damaged.audit()).as(name).isInstanceOf(AuditResult.Sound.class);
      } else if (mayBeLost) {
        assertThat(damaged.verdict()).as(name).isEqualTo("sound");
      } else if (table == 'p') {
        assertThat(damaged.verdict()).contains("key z: the stable height is 12");
      } else {
        assertThat(damaged.verdict()).contains("key " + name + ": ");
      }
    }
  }

  @Test
  void eachEntryInWhichAByteIsAnotherIsNamed() throws LedgerException {
    int turn = 0;
    for (Entry entry : entries()) {
      byte[] value = entry.value().clone();
      int at = 7 * turn++ % Math.max(1, value.length);
      if (value.length > 0) {
        value[at] ^= 1;
      }
      AuditedChain damaged = new AuditedChain().put(entry.key(), value);
      String name = Entry.name(entry.key());
      switch (name.charAt(0)) {
        case 'm', 'x' -> assertThat(damaged.audit()).isInstanceOf(AuditResult.Sound.class);
        case 'a' -> assertThat(damaged.verdict()).isNotEqualTo("sound");
        default -> assertThat(damaged.verdict()).as(name + " " + at).contains("key " + name + ": ");
      }
    }
  }

  @Test
  void entriesThatNoLedgerHasAreNamed() throws LedgerException {
    for (Table table : Table.values()) {
      String name = Entry.name(table.key());
      if (table != Table.PAGE && table != Table.CHANGED) {
        assertExtra(Arrays.copyOf(table.key(), 4), name + "000000");
      }
    }
    assertExtra(new byte[] {'q', 1}, "q01");
    assertExtra(new byte[] {(byte) 0xff}, "ff");
    for (Table table : List.of(Table.HEADER, Table.TRANSACTIONS, Table.RECEIPTS)) {
      assertExtra(table.key(0), Entry.name(table.key(0)));
      assertExtra(table.key(13), Entry.name(table.key(13)));
      assertExtra(Entries.after(table.key(7)), Entry.name(Entries.after(table.key(7))));
    }
    assertExtra(Table.CHECKPOINT.key(13), "c000000000000000d");
    assertExtra(Table.CERTIFICATE.key(0), "p0000000000000000");
    assertExtra(Table.CERTIFICATE.key(99), "p0000000000000063");
    assertExtra(Table.STATE.key(new byte[32]), "s" + "00".repeat(32));
    assertExtra(Table.TRANSACTION.key(new byte[32]), "t" + "00".repeat(32));
  }

  private static void assertExtra(byte[] key, String name) throws LedgerException {
    assertThat(new AuditedChain().put(key, new byte[] {1}).verdict())
        .contains("key " + name + ": ");
  }

  @Test
  void recordOfATransactionThatIsThereTwiceIsNamed() {
    TransactionRecord record =
        new TransactionRecord(
            3,
            1,
            audited
                .ledger()
                .transaction(audited.blocks.get(2).block().transactions().get(1).hash())
                .orElseThrow()
                .receipt());
    byte[] key = Table.TRANSACTION.key(chain.spec().chainHash().bytes());
    assertThat(audited.put(key, record.encoded()).verdict())
        .contains(Entry.name(key), "no block has");
  }

  // Entries that are well formed and wrong.

  @Test
  void receiptsInAnotherOrderAreFound() {
    List<Receipt> receipts = new ArrayList<>(receipts(5));
    receipts.add(receipts.remove(0));
    assertThat(putReceipts(5, receipts).verdict())
        .isEqualTo("height 5, key r0000000000000005: receipt 0 is of another transaction");
  }

  @Test
  void resultThatTheReplicaMadeUpConsistentlyIsFoundByExecution() {
    List<Receipt> receipts = new ArrayList<>(receipts(7));
    Receipt failed = receipts.get(2);
    assertThat(failed.outcome()).isEqualTo(Receipt.Outcome.BELOW_ZERO);
    receipts.set(2, new Receipt(failed.transactionHash(), Receipt.Outcome.EXECUTED, 0));
    Checkpoint own = audited.ledger().checkpoint(7).orElseThrow();
    audited.put(
        Table.CHECKPOINT, 7, new Checkpoint(own.block(), Receipt.root(receipts), own.stateRoot()));
    audited.put(
        Table.TRANSACTION.key(failed.transactionHash().bytes()),
        new TransactionRecord(7, 2, receipts.get(2)).encoded());
    assertThat(putReceipts(7, receipts).verdict())
        .isEqualTo(
            "height 7, key r0000000000000007: receipt 2 says EXECUTED (operation 0), but executed"
                + " again it is BELOW_ZERO (operation 0)");
  }

  @Test
  void stateRootThatNobodySignedIsFoundByExecution() {
    Checkpoint own = audited.ledger().checkpoint(3).orElseThrow();
    audited.put(Table.CHECKPOINT, 3, new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO));
    assertThat(audited.verdict()).contains("height 3, key c0000000000000003: stored is the result");
  }

  @Test
  void resultBesideTheOneThatIsProvenIsFoundAtTheCheckpoint() {
    Checkpoint own = audited.ledger().checkpoint(4).orElseThrow();
    audited.put(Table.CHECKPOINT, 4, new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO));
    assertThat(audited.verdict()).contains("height 4, key c0000000000000004: ", "but proven is");
  }

  @Test
  void recordOfATransactionWithAnotherPlaceIsFound() {
    Digest hash = audited.blocks.get(5).block().transactions().get(1).hash();
    TransactionRecord own = audited.ledger().transaction(hash).orElseThrow();
    for (TransactionRecord other :
        List.of(
            new TransactionRecord(6, 0, own.receipt()),
            new TransactionRecord(5, 1, own.receipt()))) {
      audited.put(Table.TRANSACTION.key(hash.bytes()), other.encoded());
      assertThat(audited.verdict())
          .contains("height 6, key t" + hash.hex() + ": the record of a transaction is not");
    }
  }

  @Test
  void valueOfTheStateThatIsChangedAloneIsFound() {
    ByteString key = Namespace.APPLICATION.key("total".getBytes(UTF_8));
    byte[] path = Table.STATE.key(StateEntry.path(key).bytes());
    audited.put(path, new StateEntry(key, ByteString.utf8("1000000")).encoded());
    assertThat(audited.verdict())
        .isEqualTo(
            "key %s: the state of the key %s (with its namespace) is not that of the execution"
                .formatted(Entry.name(path), key.hex()));
  }

  @Test
  void keyOfTheStateThatNobodyWroteIsFound() {
    ByteString key = Namespace.APPLICATION.key(new byte[] {'x'});
    audited.put(
        Table.STATE.key(StateEntry.path(key).bytes()),
        new StateEntry(key, ByteString.utf8("1")).encoded());
    assertThat(audited.verdict()).contains(key.hex(), "executed again it is not");
  }

  @Test
  void commitCertificatesOfTooFewOrOfOthersOrOfPreparesAreFound() {
    BlockHeader header = audited.blocks.get(8).block().header();
    Vote commit = audited.blocks.get(8).commit().vote();
    Vote prepare = new Vote(Phase.PREPARE, 0, commit.block());
    Vote other = new Vote(Phase.COMMIT, 0, audited.blocks.get(7).block().id());
    assertCommitFails(
        header, new QuorumCertificate(commit, chain.signed(commit, 0, 1)), "2 signers");
    assertCommitFails(
        header, new QuorumCertificate(commit, chain.signed(other, 0, 1, 2)), "signature");
    assertCommitFails(header, new QuorumCertificate(other, chain.signed(other, 0, 1, 2)), "is of");
    assertCommitFails(
        header, new QuorumCertificate(prepare, chain.signed(prepare, 0, 1, 2)), "not of COMMITs");
  }

  private void assertCommitFails(BlockHeader header, QuorumCertificate commit, String why) {
    audited.put(Table.HEADER, 9, new CommittedHeader(header, commit));
    assertThat(audited.verdict())
        .contains("height 9, key h0000000000000009: the commit certificate fails", why);
  }

  @Test
  void checkpointCertificatesOfTooFewOrForgedOrOfAnotherBlockAreFound() {
    Checkpoint five = audited.ledger().checkpoint(5).orElseThrow();
    Checkpoint six = audited.ledger().checkpoint(6).orElseThrow();
    assertThat(audited.put(Table.CERTIFICATE, 5, chain.certificate(five, 1)).verdict())
        .contains("key p0000000000000005: the checkpoint certificate fails: 1 signers");
    assertThat(audited.put(Table.CERTIFICATE, 5, chain.certificate(six, 1, 2)).verdict())
        .contains("key p0000000000000005: stored is the result");
    TestChain forgers = new TestChain(7);
    assertThat(audited.put(Table.CERTIFICATE, 5, forgers.certificate(five, 1, 5)).verdict())
        .contains("key p0000000000000005: the checkpoint certificate fails");
  }

  @Test
  void blockThatWasReplacedIsFoundAtItsCheckpointOrAtTheNextBlock() {
    CommittedBlock other =
        chain.commit(
            chain.block(audited.blocks.get(3).block().header(), List.of(chain.put(999, "k", "v"))));
    audited.put(Table.HEADER, 5, new CommittedHeader(other.block().header(), other.commit()));
    audited.put(
        Table.TRANSACTIONS.key(5), new Encoder().list(other.block().transactions()).toBytes());
    assertThat(audited.verdict()).contains("key c0000000000000005: the checkpoint is of the block");
  }

  @Test
  void linkThatIsBrokenIsFound() throws LedgerException {
    AuditedChain other = new AuditedChain();
    CommittedBlock thirteen =
        chain.commit(
            chain.block(other.ledger().tipHeader(), List.of(chain.put(500, "another", "block"))));
    other.apply(thirteen);
    other.apply(chain.next(other.ledger(), chain.put(501, "a", "b")));
    audited.apply(chain.next(audited.ledger(), chain.put(502, "a", "b")));
    audited.apply(chain.next(audited.ledger(), chain.put(501, "a", "b")));
    for (Table table :
        List.of(Table.HEADER, Table.TRANSACTIONS, Table.RECEIPTS, Table.CHECKPOINT)) {
      audited.put(table.key(14), other.store.get(table.key(14)).orElseThrow());
    }
    assertThat(audited.verdict())
        .isEqualTo("height 14, key h000000000000000e: its parent is not the block before");
  }

  // What consensus would never have ordered.

  @Test
  void blockOfTheSameTimeIsFound() {
    assertAppliedIsFound(
        odd(0, 0), "key h000000000000000d: its timestamp is not above that of the block before");
  }

  @Test
  void nonceThatIsUsedTwiceIsFound() {
    Transaction again = audited.blocks.get(0).block().transactions().get(0);
    Block block = chain.block(audited.ledger().tipHeader(), List.of(again));
    // The ledger itself refuses it, so it is written beside it.
    CommittedBlock committed = chain.commit(block);
    Receipt receipt = new Receipt(again.hash(), Receipt.Outcome.EXECUTED, 0);
    audited
        .put(Table.HEADER, 13, new CommittedHeader(block.header(), committed.commit()))
        .put(Table.TRANSACTIONS.key(13), new Encoder().list(block.transactions()).toBytes())
        .put(Table.RECEIPTS.key(13), new Encoder().list(List.of(receipt)).toBytes())
        .put(
            Table.CHECKPOINT,
            13,
            new Checkpoint(block.id(), Receipt.root(List.of(receipt)), Digest.ZERO))
        .put(Table.TIP.key(), new TipRecord(chain.spec().chainHash(), 13).encoded());
    assertThat(audited.verdict())
        .contains("key b000000000000000d: the nonce 3 of transaction 0 is");
  }

  @Test
  void transactionsThatMayNotStandInTheChainAreFound() {
    Transaction foreign =
        chain.transaction(
            TestChain.BOB, 1, new Operation.Put(ByteString.utf8("k"), ByteString.EMPTY));
    Transaction own = chain.put(100, "k", "v");
    Transaction forged =
        new Transaction(own.chainHash(), own.client(), 101, own.operations(), own.signature());
    Transaction unknown =
        chain.transaction(TestChain.key(9), 1, new Operation.Data(ByteString.EMPTY));
    assertTransactionIsFound(foreign, "FORBIDDEN_PREFIX");
    assertTransactionIsFound(forged, "BAD_SIGNATURE");
    assertTransactionIsFound(unknown, "UNKNOWN_CLIENT");
  }

  private void assertTransactionIsFound(Transaction transaction, String fault) {
    Block block =
        chain.block(audited.ledger().tipHeader(), List.of(chain.put(102, "a", "b"), transaction));
    CommittedBlock committed = chain.commit(block);
    audited
        .put(Table.HEADER, 13, new CommittedHeader(block.header(), committed.commit()))
        .put(Table.TRANSACTIONS.key(13), new Encoder().list(block.transactions()).toBytes())
        .put(Table.RECEIPTS.key(13), new byte[4])
        .put(Table.CHECKPOINT, 13, new Checkpoint(block.id(), Digest.ZERO, Digest.ZERO))
        .put(Table.TIP.key(), new TipRecord(chain.spec().chainHash(), 13).encoded());
    assertThat(audited.verdict())
        .isEqualTo(
            "height 13, key b000000000000000d: transaction 1 may not stand in the chain: " + fault);
  }

  @Test
  void blockWithoutTransactionsIsFound() {
    assertAppliedIsFound(
        chain.block(audited.ledger().tipHeader(), List.of()),
        "key b000000000000000d: the block has no transactions");
  }

  @Test
  void blockOfAnotherProposerIsFound() {
    assertAppliedIsFound(odd(1, 2), "is not the primary of view 0");
  }

  private void assertAppliedIsFound(Block block, String damage) {
    audited.apply(chain.commit(block));
    assertThat(audited.verdict()).contains("height 13, ", damage);
  }

  /** A block after the tip that consensus would not have made. */
  private Block odd(long millisLater, int proposer) {
    BlockHeader tip = audited.ledger().tipHeader();
    List<Transaction> transactions = List.of(chain.put(100, "k", "v"));
    BlockHeader header =
        new BlockHeader(
            tip.height() + 1,
            tip.hash(chain.spec().chainHash()),
            0,
            tip.timestampMillis() + millisLater,
            new ReplicaId(proposer),
            Block.transactionsRoot(transactions),
            1,
            tip.validatorSetHash());
    return new Block(chain.spec().chainHash(), header, transactions);
  }

  // The rest of the store.

  @Test
  void stableHeightThatNoQuorumSignedIsFound() {
    byte[] nine = new Encoder().u64(9).toBytes();
    assertThat(audited.put(Table.STABLE.key(), nine).verdict())
        .isEqualTo(
            "key z: the stable height is 9, but the highest certificate of a quorum is that of height 12");
  }

  @Test
  void certificateThatCameBeforeItsBlockIsCheckedAndMayBeStable() {
    Block next = chain.block(audited.ledger().tipHeader(), List.of(chain.put(100, "k", "v")));
    Checkpoint early = new Checkpoint(next.id(), Digest.ZERO, Digest.ZERO);
    audited.ledger().putCheckpointCertificate(chain.certificate(early, 0, 1, 2));
    assertThat(audited.verdict()).isEqualTo("sound");
    audited.put(Table.CERTIFICATE, 13, chain.certificate(early, 0));
    assertThat(audited.verdict())
        .contains("key p000000000000000d: the checkpoint certificate fails");
  }

  @Test
  void ledgerOfAnotherGenesisIsRefused() {
    assertThat(audit(audited.store, new TestChain(7)).toString())
        .contains("but the genesis is that of");
    assertThat(audit(new MemoryStore(), chain).toString()).contains("it has no tip");
  }

  @Test
  void indexOfTheStateThatDoesNotFitIsReportedAsRepairable() {
    Entry page =
        Entries.page(audited.store, Table.PAGE.key(), Table.PAGE.key(), 1, 1).stream()
            .findFirst()
            .orElse(new Entry(new byte[] {'m', 1, 2}, new byte[0]));
    audited.put(page.key(), new byte[] {9});
    assertThat(((AuditResult.Sound) audited.audit()).repairable())
        .contains("a page of the state's tree is malformed");
  }

  @Test
  void entryThatCannotBeReadIsNamed() {
    assertThat(audit(new Unreadable(Table.RECEIPTS.key(5)), chain).toString())
        .contains("Optional[5], key=Optional[r0000000000000005], detail=a checksum");
    byte[] state =
        Entries.page(audited.store, Table.STATE.key(), Table.STATE.key(), 1, 1).get(0).key();
    assertThat(audit(new Unreadable(state), chain).toString())
        .contains("a checksum does not match (the blocks up to 12 are sound)");
  }

  /** The audited store with a key that lies in a damaged block of a table. */
  private final class Unreadable implements StoreReader {
    private final byte[] damaged;

    Unreadable(byte[] damaged) {
      this.damaged = damaged;
    }

    @Override
    public Optional<byte[]> get(byte[] key) {
      check(key);
      return audited.store.get(key);
    }

    @Override
    public void scan(byte[] prefix, byte[] from, Visitor visitor) {
      audited.store.scan(
          prefix,
          from,
          (key, value) -> {
            check(key);
            return visitor.visit(key, value);
          });
    }

    private void check(byte[] key) {
      if (Arrays.equals(key, damaged)) {
        throw new StorageException("a checksum does not match");
      }
    }
  }

  // Again and again.

  @Test
  void auditThatWasStoppedGoesOnWhereItStood() throws LedgerException {
    for (int i = 13; i <= 200; i++) {
      audited.apply(chain.next(audited.ledger(), chain.put(100 + i, "key " + i, "value")));
    }
    AuditResult whole = audited.audit();
    MemoryStore scratch = new MemoryStore();
    List<Beginning> beginnings = new ArrayList<>();
    List<Long> stops = new ArrayList<>();
    AuditResult result = audited.audit(scratch, stopping(beginnings));
    while (result instanceof AuditResult.Stopped stopped) {
      stops.add(stopped.height());
      result = audited.audit(scratch, stopping(beginnings));
    }
    assertThat(result).isEqualTo(whole).isInstanceOf(AuditResult.Sound.class);
    assertThat(stops).containsExactly(64L, 128L, 192L);
    assertThat(beginnings)
        .containsExactly(
            new Beginning.First(new Execution.FromGenesis()),
            new Beginning.Resumed(64),
            new Beginning.Resumed(128),
            new Beginning.Resumed(192));
  }

  /** Stops after each window of blocks but the last. */
  private static AuditObserver stopping(List<Beginning> beginnings) {
    return new AuditObserver() {
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
    };
  }

  @Test
  void scratchOfAnotherChainOrTipOrWithADamagedStateIsNotTrusted() throws LedgerException {
    MemoryStore scratch = new MemoryStore();
    AuditedChain other = new AuditedChain();
    other.apply(other.chain.next(other.ledger(), other.chain.put(100, "k", "v")));
    other.audit(scratch, AuditObserver.NONE);
    assertBegunAnew(scratch, "the ledger's last block was 13");

    Entry state = Entries.page(scratch, Table.STATE.key(), Table.STATE.key(), 1, 1).get(0);
    scratch.write(new Batch().delete(state.key()), true);
    for (Table table : List.of(Table.PAGE, Table.CHANGED)) {
      Entries index = new Entries(scratch, table.key());
      while (index.hasNext()) {
        scratch.write(new Batch().delete(index.next().key()), true);
      }
    }
    assertBegunAnew(scratch, "its state is damaged");

    scratch.write(new Batch().put(AuditMark.KEY, new byte[3]), true);
    assertBegunAnew(scratch, "it cannot be read");

    audited.put(Table.CHECKPOINT, 12, audited.ledger().checkpoint());
    AuditMark mark = new Scratch(scratch, chain.spec()).mark().orElseThrow();
    scratch.write(
        new Batch()
            .put(
                AuditMark.KEY,
                new AuditMark(
                        Digest.ZERO, mark.tip(), mark.kept(), mark.base(), mark.reached(), 0, 0, 0)
                    .encoded()),
        true);
    assertBegunAnew(scratch, "it is of another chain");
  }

  private void assertBegunAnew(MemoryStore scratch, String reason) {
    List<Beginning> beginnings = new ArrayList<>();
    AuditResult result =
        audited.audit(
            scratch,
            new AuditObserver() {
              @Override
              public void begins(Beginning beginning) {
                beginnings.add(beginning);
              }
            });
    assertThat(result).isInstanceOf(AuditResult.Sound.class);
    assertThat(beginnings).hasSize(1);
    assertThat(beginnings.get(0))
        .isInstanceOfSatisfying(
            Beginning.Anew.class, anew -> assertThat(anew.reason()).contains(reason));
  }

  private static AuditResult audit(StoreReader store, TestChain chain) {
    return new LedgerAudit(store, chain.spec(), new MemoryStore(), Workers.NONE, AuditObserver.NONE)
        .run();
  }

  private List<Receipt> receipts(long height) {
    List<Receipt> receipts = new ArrayList<>();
    for (Transaction transaction : audited.blocks.get((int) height - 1).block().transactions()) {
      receipts.add(audited.ledger().transaction(transaction.hash()).orElseThrow().receipt());
    }
    return receipts;
  }

  private AuditedChain putReceipts(long height, List<Receipt> receipts) {
    return audited.put(Table.RECEIPTS.key(height), new Encoder().list(receipts).toBytes());
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    audited.store.scan(
        new byte[0],
        (key, value) -> {
          entries.add(new Entry(key, value));
          return true;
        });
    return entries;
  }
}
