package org.quorate.ledger;

import static org.quorate.ledger.ChainStore.readable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.DivergenceError;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/**
 * Puts together what must be written so that one block of a ledger can be read again, from the
 * block as others have it and from what of it can still be read here. An entry that is sound stays
 * as it is. Nothing is taken that what is sound here does not vouch for.
 */
final class BlockRepair {
  private final ChainStore reads;
  private final KeptRecord kept;
  private final CommittedBlock block;
  private final Optional<CheckpointCertificate> offered;
  private final long height;
  private final Batch batch = new Batch();
  private final List<Table> lost = new ArrayList<>();
  private int written;

  /**
   * @param offered a valid certificate of the block's result
   */
  BlockRepair(
      ChainStore reads,
      KeptRecord kept,
      CommittedBlock block,
      Optional<CheckpointCertificate> offered) {
    this.reads = reads;
    this.kept = kept;
    this.block = block;
    this.offered = offered;
    this.height = block.block().height();
  }

  /** What must be written; to be read after {@link #prepare}. */
  Batch batch() {
    return batch;
  }

  /**
   * Finds what must be written.
   *
   * @param own this replica's result, if it is known otherwise than from the store
   * @throws DivergenceError if the offered certificate proves another
   */
  RepairResult prepare(Optional<Checkpoint> own) {
    Optional<Checkpoint> stored = readable(() -> reads.checkpoint(height));
    Optional<CheckpointCertificate> certificate = readable(() -> reads.certificate(height));
    Optional<Checkpoint> mine = own.or(() -> stored);
    if (!isOfThisChain(mine, certificate)) {
      return RepairResult.REFUSED;
    }
    mine.ifPresent(checkpoint -> offered.ifPresent(it -> Ledger.checkAgrees(checkpoint, it)));
    // Where the own result cannot be read, what f+1 signed is what a correct replica got.
    Optional<Checkpoint> result =
        mine.or(() -> certificate.or(() -> offered).map(CheckpointCertificate::checkpoint));
    checkpoint(stored, result);
    certificate(certificate);
    header();
    if (height >= kept.transactionsFrom()) {
      transactions();
      receipts(result);
    }
    return new RepairResult(true, written, lost);
  }

  private boolean isOfThisChain(
      Optional<Checkpoint> mine, Optional<CheckpointCertificate> certificate) {
    Optional<Digest> known =
        mine.or(() -> certificate.map(CheckpointCertificate::checkpoint))
            .map(checkpoint -> checkpoint.block().hash())
            .or(this::parentOfNext);
    return known.equals(Optional.of(block.block().hash())); // which covers chain and height
  }

  private Optional<Digest> parentOfNext() {
    return readable(() -> reads.header(height + 1)).map(next -> next.header().parentHash());
  }

  private void checkpoint(Optional<Checkpoint> stored, Optional<Checkpoint> result) {
    if (stored.isPresent()) {
      return;
    }
    if (result.isPresent()) {
      put(Table.CHECKPOINT.key(height), result.get());
    } else {
      lost.add(Table.CHECKPOINT);
    }
  }

  /** One that was never there is no damage; one of more signers is no repair. */
  private void certificate(Optional<CheckpointCertificate> stored) {
    if (stored.isPresent()) {
      return;
    }
    if (offered.isPresent()) {
      put(Table.CERTIFICATE.key(height), offered.get());
    } else if (isDamaged(() -> reads.certificate(height))) {
      lost.add(Table.CERTIFICATE);
    }
  }

  private void header() {
    Optional<CommittedHeader> stored = readable(() -> reads.header(height));
    if (!stored.map(CommittedHeader::header).equals(Optional.of(block.block().header()))) {
      put(Table.HEADER.key(height), new CommittedHeader(block.block().header(), block.commit()));
    }
  }

  private void transactions() {
    byte[] key = Table.TRANSACTIONS.key(height);
    byte[] list = ChainStore.list(block.block().transactions());
    if (readable(() -> reads.store().get(key)).filter(b -> Arrays.equals(b, list)).isEmpty()) {
      put(key, list);
    }
  }

  private void receipts(Optional<Checkpoint> result) {
    Optional<List<Receipt>> stored =
        readable(() -> reads.receipts(height)).filter(receipts -> fits(receipts, result));
    Optional<List<Receipt>> all = stored.or(() -> provenRecords(result));
    if (all.isEmpty()) {
      lost.add(Table.RECEIPTS);
      return;
    }
    if (stored.isEmpty()) {
      put(Table.RECEIPTS.key(height), ChainStore.list(all.get()));
    }
    for (int i = 0; i < all.get().size(); i++) {
      Receipt receipt = all.get().get(i);
      TransactionRecord record = new TransactionRecord(height, i, receipt);
      Digest hash = receipt.transactionHash();
      if (!readable(() -> reads.transaction(hash)).equals(Optional.of(record))) {
        put(Table.TRANSACTION.key(hash.bytes()), record);
      }
    }
  }

  private static boolean fits(List<Receipt> receipts, Optional<Checkpoint> result) {
    return result.isEmpty() || result.get().receiptsRoot().equals(Receipt.root(receipts));
  }

  /** Put together from elsewhere, they count only if they are known to be all and in order. */
  private Optional<List<Receipt>> provenRecords(Optional<Checkpoint> result) {
    return result.isEmpty()
        ? Optional.empty()
        : fromRecords().filter(receipts -> fits(receipts, result));
  }

  /** The receipts as the records of the block's transactions have them, if all can be read. */
  private Optional<List<Receipt>> fromRecords() {
    List<Receipt> receipts = new ArrayList<>();
    for (Transaction transaction : block.block().transactions()) {
      Optional<TransactionRecord> record = readable(() -> reads.transaction(transaction.hash()));
      if (record.isEmpty()) {
        return Optional.empty();
      }
      receipts.add(record.get().receipt());
    }
    return Optional.of(receipts);
  }

  private void put(byte[] key, Encodable value) {
    put(key, value.encoded());
  }

  private void put(byte[] key, byte[] value) {
    batch.put(key, value);
    written++;
  }

  private static boolean isDamaged(Supplier<?> read) {
    try {
      var unused = read.get();
      return false;
    } catch (StorageException e) {
      return true;
    }
  }
}
