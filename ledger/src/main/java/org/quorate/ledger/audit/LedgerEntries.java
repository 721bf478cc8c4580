package org.quorate.ledger.audit;

import java.util.Optional;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.TipRecord;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.store.Table;

/** Single entries of the store under audit, decoded but not checked. Owned by one thread. */
record LedgerEntries(AuditedStore store) {
  /** Of a store that is no ledger's yet: how far its restoring has come. */
  Optional<AuditResult.Restoring> restoring() throws DamagedException {
    byte[] key = Table.RESTORING.key();
    Optional<byte[]> stored = store.get(key);
    if (stored.isEmpty() || store.get(Table.TIP.key()).isPresent()) {
      return Optional.empty();
    }
    Manifest manifest = decoded(key, stored.get(), Manifest::decode);
    long[] there = {-1}; // the manifest is no chunk
    store.scan(
        key,
        (chunk, value) -> {
          there[0]++;
          return true;
        });
    return Optional.of(
        new AuditResult.Restoring(manifest.height(), there[0], manifest.chunks().size()));
  }

  /** The checkpoint of the last block, of a ledger of this chain. */
  Checkpoint tip(ChainSpec spec) throws DamagedException {
    byte[] key = Table.TIP.key();
    Optional<byte[]> stored = store.get(key);
    if (stored.isEmpty()) {
      throw new DamagedException(
          Damage.of(key, "the store is not that of a ledger: it has no tip"));
    }
    TipRecord tip = decoded(key, stored.get(), TipRecord::decode);
    if (!tip.chainHash().equals(spec.chainHash())) {
      throw new DamagedException(
          Damage.of(
              key,
              "the store holds the chain "
                  + tip.chainHash()
                  + ", but the genesis is that of "
                  + spec.chainHash()));
    }
    return checkpoint(tip.height());
  }

  /**
   * What the store says that it keeps, which is possible with this tip.
   *
   * @param tip the height of the last block
   */
  KeptRecord kept(long tip) throws DamagedException {
    byte[] key = Table.KEPT.key();
    Optional<byte[]> stored = store.get(key);
    if (stored.isEmpty()) {
      return KeptRecord.ALL;
    }
    KeptRecord kept = decoded(key, stored.get(), KeptRecord::decode);
    boolean beginsAbove = kept.headersFrom() > 1;
    if (kept.transactionsFrom() > tip + 1) {
      throw new DamagedException(
          Damage.of(
              key,
              "transactions are kept from height %d, but the last block is %d"
                  .formatted(kept.transactionsFrom(), tip)));
    }
    if (beginsAbove && kept.transactionsFrom() == kept.headersFrom()) {
      throw new DamagedException(
          Damage.of(
              key,
              "a ledger that began with a snapshot of block %d does not have its transactions"
                  .formatted(kept.headersFrom())));
    }
    return kept;
  }

  Checkpoint checkpoint(long height) throws DamagedException {
    byte[] key = Table.CHECKPOINT.key(height);
    Checkpoint checkpoint = decoded(key, present(height, key), Checkpoint::decode);
    if (checkpoint.height() != height) {
      throw new DamagedException(
          Damage.of(height, key, "the checkpoint is of height " + checkpoint.height()));
    }
    return checkpoint;
  }

  BlockHeader header(long height) throws DamagedException {
    byte[] key = Table.HEADER.key(height);
    return decoded(key, present(height, key), CommittedHeader::decode).header();
  }

  /** Whether the ledger has the certificate of a result. */
  boolean hasCertificate(long height) {
    return store.get(Table.CERTIFICATE.key(height)).isPresent();
  }

  private byte[] present(long height, byte[] key) throws DamagedException {
    Optional<byte[]> stored = store.get(key);
    if (stored.isEmpty()) {
      throw new DamagedException(Damage.of(height, key, "the entry is missing"));
    }
    return stored.get();
  }

  private static <T> T decoded(byte[] key, byte[] value, Decoder.Reader<T> reader)
      throws DamagedException {
    try {
      return Decoder.decode(value, reader);
    } catch (MalformedException e) {
      throw new DamagedException(Damage.of(key, "malformed, " + e.getMessage()));
    }
  }
}
