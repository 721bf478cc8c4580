package org.quorate.ledger;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.KeyReader;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/**
 * The typed reads of a ledger's store. What is there and does not decode is damage, which a {@link
 * StorageException} reports; so is an entry without bytes, which stands for one that was lost.
 */
public record ChainStore(KeyReader store, Digest chainHash) {
  /** Which format and chain the store holds, and its height; empty if it is no ledger's. */
  public Optional<TipRecord> tip() {
    return read(Table.TIP.key(), "tip", TipRecord::decode);
  }

  /** From which heights on it has what. */
  public KeptRecord kept() {
    return read(Table.KEPT.key(), "what is kept", KeptRecord::decode).orElse(KeptRecord.ALL);
  }

  /** The header at a height with its commit certificate. */
  public Optional<CommittedHeader> header(long height) {
    return read(Table.HEADER.key(height), "header " + height, CommittedHeader::decode);
  }

  /** The block at a height, if its transactions are kept. */
  public Optional<CommittedBlock> block(long height) {
    Optional<byte[]> bytes = encodedBlock(height);
    return bytes.map(block -> decoded(block, "block " + height, CommittedBlock::decode));
  }

  /** The bytes of {@link #block}, put together from what is stored of it. */
  public Optional<byte[]> encodedBlock(long height) {
    Optional<byte[]> transactions = stored(Table.TRANSACTIONS.key(height), "block " + height);
    if (transactions.isEmpty()) {
      return Optional.empty();
    }
    byte[] header =
        present(stored(Table.HEADER.key(height), "header " + height), "header " + height);
    if (header.length < BlockHeader.BYTES) {
      throw new DamageException("the store is damaged: header " + height + " is too short");
    }
    return Optional.of(
        new Encoder()
            .fixed(chainHash.bytes())
            .fixed(Arrays.copyOf(header, BlockHeader.BYTES))
            .fixed(transactions.get())
            .fixed(Arrays.copyOfRange(header, BlockHeader.BYTES, header.length))
            .toBytes());
  }

  /** What this replica got of the block at a height. */
  public Optional<Checkpoint> checkpoint(long height) {
    return read(Table.CHECKPOINT.key(height), "checkpoint " + height, Checkpoint::decode);
  }

  /** The best known certificate of that result. */
  public Optional<CheckpointCertificate> certificate(long height) {
    return read(
        Table.CERTIFICATE.key(height),
        "checkpoint certificate " + height,
        CheckpointCertificate::decode);
  }

  /** The bytes of {@link #certificate}, as they are stored. */
  public Optional<byte[]> encodedCertificate(long height) {
    return stored(Table.CERTIFICATE.key(height), "checkpoint certificate " + height);
  }

  /** The height of the highest certificate of a quorum. */
  public Optional<Long> stableHeight() {
    return read(Table.STABLE.key(), "stable height", Decoder::u64);
  }

  /** Where a transaction stands. */
  public Optional<TransactionRecord> transaction(Digest hash) {
    return read(
        Table.TRANSACTION.key(hash.bytes()), "transaction " + hash, TransactionRecord::decode);
  }

  /** What became of the transactions of the block at a height, in their order. */
  public Optional<List<Receipt>> receipts(long height) {
    return read(
        Table.RECEIPTS.key(height),
        "receipts of block " + height,
        in -> in.list(ChainParameters.BLOCK_TRANSACTIONS_LIMIT, Receipt::decode));
  }

  /**
   * What is put in the place of an entry that was there and could not be saved, so that it is known
   * to be damaged and not taken for one that never was.
   */
  public static byte[] lost() {
    return new byte[0];
  }

  /** Whether the entry at a key is known to be lost. */
  boolean isLost(byte[] key) {
    return store.get(key).filter(bytes -> bytes.length == 0).isPresent();
  }

  /** For what must be there because something else is. */
  public static <T> T present(Optional<T> value, String what) {
    return value.orElseThrow(() -> new DamageException("the store is damaged: no " + what));
  }

  /** What cannot be read is as good as not there. */
  static <T> Optional<T> readable(Supplier<Optional<T>> read) {
    try {
      return read.get();
    } catch (StorageException e) {
      return Optional.empty();
    }
  }

  static byte[] list(List<? extends Encodable> elements) {
    return new Encoder().list(elements).toBytes();
  }

  private <T> Optional<T> read(byte[] key, String what, Decoder.Reader<T> reader) {
    return stored(key, what).map(bytes -> decoded(bytes, what, reader));
  }

  private Optional<byte[]> stored(byte[] key, String what) {
    Optional<byte[]> bytes = store.get(key);
    if (bytes.isPresent() && bytes.get().length == 0) {
      throw new LostException(what);
    }
    return bytes;
  }

  private static <T> T decoded(byte[] bytes, String what, Decoder.Reader<T> reader) {
    try {
      return Decoder.decode(bytes, reader);
    } catch (MalformedException e) {
      throw new DamageException(
          "the store is damaged: " + what + " is malformed, " + String.valueOf(e.getMessage()), e);
    }
  }
}
