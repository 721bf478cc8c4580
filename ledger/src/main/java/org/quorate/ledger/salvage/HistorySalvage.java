package org.quorate.ledger.salvage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.state.TreeLimits;
import org.quorate.ledger.state.WorldState;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.Table;

/**
 * Takes over the blocks up to a snapshot's, from the highest down, without executing them: each
 * header is vouched for by its commit certificate and the header above; transactions by the header;
 * the result by the checkpoint certificate, or it is this replica's own word as it was; receipts by
 * the result. What is lost gets an entry that says so. Owned by one thread.
 */
final class HistorySalvage {
  private static final int BATCH_CHANGES_MAX = 4_096;

  private final OldLedger old;
  private final ChainSpec spec;
  private final KeptRecord kept;
  private final KeyValueStore target;
  private final Losses losses;
  private Batch batch = new Batch();

  /** The hash of the next block down, if the header above it is there. */
  private Optional<Digest> expected;

  private long stable;

  /** Entries of the present block that are lost. */
  private List<Table> lost = new ArrayList<>();

  /**
   * @param expected the hash of the highest block
   */
  HistorySalvage(
      OldLedger old,
      ChainSpec spec,
      KeptRecord kept,
      Digest expected,
      KeyValueStore target,
      Losses losses) {
    this.old = old;
    this.spec = spec;
    this.kept = kept;
    this.expected = Optional.of(expected);
    this.target = target;
    this.losses = losses;
  }

  /**
   * Takes over the next block down.
   *
   * @param found what the damaged ledger has of it
   * @param header that is valid in any case
   * @param certificate that is valid in any case
   */
  void take(
      OldBlock found,
      Optional<CommittedHeader> header,
      Optional<CheckpointCertificate> certificate) {
    lost = new ArrayList<>();
    long height = found.height();
    Optional<CommittedHeader> committed = found.header().filter(this::isExpected).or(() -> header);
    Optional<Digest> hash =
        committed.map(it -> it.header().hash(spec.chainHash())).or(() -> expected);
    Optional<CheckpointCertificate> proven =
        best(
            found
                .certificate()
                .filter(it -> hash.isEmpty() || hash.get().equals(it.checkpoint().block().hash())),
            certificate);
    Optional<Checkpoint> result = result(height, hash, proven);
    put(Table.HEADER, height, committed);
    put(Table.CHECKPOINT, height, result);
    if (proven.isPresent() || found.certificateLost() || found.certificate().isPresent()) {
      put(Table.CERTIFICATE, height, proven);
    }
    if (proven.filter(this::isStable).isPresent()) {
      stable = Math.max(stable, height);
    }
    if (height >= kept.transactionsFrom()) {
      Optional<Block> block = found.block().filter(it -> hash.equals(Optional.of(it.hash())));
      body(found, block, result);
    }
    losses.add(height, lost);
    expected = committed.map(it -> it.header().parentHash());
    if (batch.size() >= BATCH_CHANGES_MAX) {
      flush();
    }
  }

  /** Writes what is kept, and the rest of what was taken over. */
  void finish() {
    if (kept.equals(KeptRecord.ALL)) {
      batch.delete(Table.KEPT.key());
    } else {
      batch.put(Table.KEPT.key(), kept.encoded());
    }
    if (kept.headersFrom() == 1) {
      batch.put(Table.CHECKPOINT.key(0), genesis().encoded());
    }
    if (stable > 0) {
      batch.put(Table.STABLE.key(), new Encoder().u64(stable).toBytes());
    }
    flush();
  }

  private Checkpoint genesis() {
    WorldState state =
        WorldState.create(new MemoryStore(), spec.appState(), TreeLimits.DEFAULTS, new Batch());
    return new Checkpoint(spec.genesisBlock(), MerkleTree.EMPTY_ROOT, state.root());
  }

  private void flush() {
    target.write(batch, false);
    batch = new Batch();
  }

  private boolean isExpected(CommittedHeader committed) {
    return expected.isEmpty() || expected.get().equals(committed.header().hash(spec.chainHash()));
  }

  private boolean isStable(CheckpointCertificate certificate) {
    return certificate.signatures().size() >= spec.validators().quorum().quorum();
  }

  private static Optional<CheckpointCertificate> best(
      Optional<CheckpointCertificate> one, Optional<CheckpointCertificate> two) {
    boolean second =
        one.isEmpty()
            || (two.isPresent() && two.get().signatures().size() > one.get().signatures().size());
    return second ? two : one;
  }

  /** What f+1 signed is what a correct replica got. */
  private Optional<Checkpoint> result(
      long height, Optional<Digest> hash, Optional<CheckpointCertificate> proven) {
    return proven
        .map(CheckpointCertificate::checkpoint)
        .or(
            () ->
                OldBlock.decoded(old.raw(Table.CHECKPOINT.key(height)), Checkpoint::decode)
                    .filter(own -> own.height() == height)
                    .filter(own -> hash.isEmpty() || hash.get().equals(own.block().hash())));
  }

  private void body(OldBlock found, Optional<Block> block, Optional<Checkpoint> result) {
    long height = found.height();
    put(
        Table.TRANSACTIONS.key(height),
        Table.TRANSACTIONS,
        block.map(it -> new Encoder().list(it.transactions()).toBytes()));
    // No peer has receipts, so all that may tell them is tried; the result vouches for them.
    Optional<List<Receipt>> receipts =
        storedReceipts(height)
            .filter(it -> fits(it, block, result))
            .or(() -> fromRecords(found).filter(it -> fits(it, block, result)));
    put(
        Table.RECEIPTS.key(height),
        Table.RECEIPTS,
        receipts.map(it -> new Encoder().list(it).toBytes()));
    if (receipts.isPresent()) {
      records(height, receipts.get());
    } else {
      block.ifPresent(it -> records(found)); // else nothing says that there are any (Ledger.prune)
    }
  }

  private Optional<List<Receipt>> storedReceipts(long height) {
    return OldBlock.decoded(
        old.raw(Table.RECEIPTS.key(height)),
        in -> in.list(ChainParameters.BLOCK_TRANSACTIONS_LIMIT, Receipt::decode));
  }

  /** Without a result nothing vouches for them but that they are of the block's transactions. */
  private static boolean fits(
      List<Receipt> receipts, Optional<Block> block, Optional<Checkpoint> result) {
    if (result.isPresent()) {
      return result.get().receiptsRoot().equals(Receipt.root(receipts));
    }
    List<Digest> hashes = receipts.stream().map(Receipt::transactionHash).toList();
    return block.isPresent()
        && hashes.equals(block.get().transactions().stream().map(Transaction::hash).toList());
  }

  private Optional<List<Receipt>> fromRecords(OldBlock found) {
    List<Receipt> receipts = new ArrayList<>();
    for (Transaction transaction : found.listed()) {
      Optional<TransactionRecord> record = record(found.height(), transaction, receipts.size());
      if (record.isEmpty()) {
        return Optional.empty();
      }
      receipts.add(record.get().receipt());
    }
    return Optional.of(receipts);
  }

  private Optional<TransactionRecord> record(long height, Transaction transaction, int index) {
    return OldBlock.decoded(
            old.raw(Table.TRANSACTION.key(transaction.hash().bytes())), TransactionRecord::decode)
        .filter(
            found ->
                found.height() == height
                    && found.index() == index
                    && found.receipt().transactionHash().equals(transaction.hash()));
  }

  private void records(long height, List<Receipt> receipts) {
    for (int i = 0; i < receipts.size(); i++) {
      byte[] key = Table.TRANSACTION.key(receipts.get(i).transactionHash().bytes());
      batch.put(key, new TransactionRecord(height, i, receipts.get(i)).encoded());
    }
  }

  /** Those that are there of a block whose receipts are lost. */
  private void records(OldBlock found) {
    for (int i = 0; i < found.listed().size(); i++) {
      Transaction transaction = found.listed().get(i);
      put(
          Table.TRANSACTION.key(transaction.hash().bytes()),
          Table.TRANSACTION,
          record(found.height(), transaction, i).map(TransactionRecord::encoded));
    }
  }

  private void put(Table table, long height, Optional<? extends Encodable> value) {
    put(table.key(height), table, value.map(Encodable::encoded));
  }

  private void put(byte[] key, Table table, Optional<byte[]> value) {
    batch.put(key, value.orElseGet(ChainStore::lost));
    if (value.isEmpty()) {
      lost.add(table);
    }
  }
}
