package org.quorate.ledger;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.BlockHeader;
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
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * The typed reads of a ledger's store. What is there and does not decode is damage, which a {@link
 * StorageException} reports.
 */
record ChainStore(StoreReader store, Digest chainHash) {
  Optional<TipRecord> tip() {
    return read(Table.TIP.key(), "tip", TipRecord::decode);
  }

  KeptRecord kept() {
    return read(Table.KEPT.key(), "what is kept", KeptRecord::decode).orElse(KeptRecord.ALL);
  }

  Optional<CommittedHeader> header(long height) {
    return read(Table.HEADER.key(height), "header " + height, CommittedHeader::decode);
  }

  Optional<CommittedBlock> block(long height) {
    Optional<byte[]> bytes = encodedBlock(height);
    return bytes.map(block -> decoded(block, "block " + height, CommittedBlock::decode));
  }

  /** The bytes of {@link #block}, put together from what is stored of it. */
  Optional<byte[]> encodedBlock(long height) {
    Optional<byte[]> transactions = store.get(Table.TRANSACTIONS.key(height));
    if (transactions.isEmpty()) {
      return Optional.empty();
    }
    byte[] header = present(store.get(Table.HEADER.key(height)), "header " + height);
    if (header.length < BlockHeader.BYTES) {
      throw new StorageException("the store is damaged: header " + height + " is too short");
    }
    return Optional.of(
        new Encoder()
            .fixed(chainHash.bytes())
            .fixed(Arrays.copyOf(header, BlockHeader.BYTES))
            .fixed(transactions.get())
            .fixed(Arrays.copyOfRange(header, BlockHeader.BYTES, header.length))
            .toBytes());
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
    return store.get(key).map(bytes -> decoded(bytes, what, reader));
  }

  private static <T> T decoded(byte[] bytes, String what, Decoder.Reader<T> reader) {
    try {
      return Decoder.decode(bytes, reader);
    } catch (MalformedException e) {
      throw new StorageException(
          "the store is damaged: " + what + " is malformed, " + String.valueOf(e.getMessage()), e);
    }
  }
}
