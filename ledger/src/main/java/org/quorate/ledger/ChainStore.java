package org.quorate.ledger;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * The typed reads of a ledger's store. What is there and does not decode is damage, which a {@link
 * StorageException} reports.
 */
record ChainStore(StoreReader store) {
  Optional<TipRecord> tip() {
    return read(Table.TIP.key(), "tip", TipRecord::decode);
  }

  Optional<CommittedBlock> block(long height) {
    return read(Table.BLOCK.key(height), "block " + height, CommittedBlock::decode);
  }

  Optional<Checkpoint> checkpoint(long height) {
    return read(Table.CHECKPOINT.key(height), "checkpoint " + height, Checkpoint::decode);
  }

  Optional<CheckpointCertificate> certificate(long height) {
    return read(
        Table.CERTIFICATE.key(height),
        "checkpoint certificate " + height,
        CheckpointCertificate::decode);
  }

  Optional<Long> stableHeight() {
    return read(Table.STABLE.key(), "stable height", Decoder::u64);
  }

  Optional<TransactionRecord> transaction(Digest hash) {
    return read(
        Table.TRANSACTION.key(hash.bytes()), "transaction " + hash, TransactionRecord::decode);
  }

  Optional<List<Receipt>> receipts(long height) {
    return read(
        Table.RECEIPTS.key(height),
        "receipts of block " + height,
        in -> in.list(ChainParameters.BLOCK_TRANSACTIONS_LIMIT, Receipt::decode));
  }

  /** For what must be there because something else is. */
  static <T> T present(Optional<T> value, String what) {
    return value.orElseThrow(() -> new StorageException("the store is damaged: no " + what));
  }

  static byte[] list(List<? extends Encodable> elements) {
    return new Encoder().list(elements).toBytes();
  }

  private <T> Optional<T> read(byte[] key, String what, Decoder.Reader<T> reader) {
    Optional<byte[]> bytes = store.get(key);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Decoder.decode(bytes.get(), reader));
    } catch (MalformedException e) {
      throw new StorageException(
          "the store is damaged: " + what + " is malformed, " + String.valueOf(e.getMessage()), e);
    }
  }
}
