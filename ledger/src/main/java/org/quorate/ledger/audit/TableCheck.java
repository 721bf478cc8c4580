package org.quorate.ledger.audit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/** What a store must not have beside its blocks and state. Owned by one thread. */
final class TableCheck {
  private static final List<Table> BY_HEIGHT =
      List.of(Table.HEADER, Table.TRANSACTIONS, Table.RECEIPTS, Table.CHECKPOINT);

  /** More certificates of blocks to come are not looked at: a ledger has some, if any. */
  private static final int EARLY_MAX = 100_000;

  private final StoreReader store;

  TableCheck(StoreReader store) {
    this.store = store;
  }

  /** No key is of no table, and the tables of one entry have no more. */
  void checkKeys() throws DamagedException {
    TreeSet<Integer> known = new TreeSet<>();
    for (Table table : Table.values()) {
      known.add(table.key()[0] & 0xff);
    }
    refuse(Entries.page(store, new byte[0], new byte[0], 1, 1), key -> key.length == 0);
    for (int code = 0; code < 256; code++) {
      if (!known.contains(code)) {
        byte[] prefix = {(byte) code};
        refuse(Entries.page(store, prefix, prefix, 1, 1), key -> true);
      }
    }
    for (Table single : List.of(Table.TIP, Table.STABLE, Table.KEPT)) {
      byte[] after = Entries.after(single.key());
      refuse(Entries.page(store, single.key(), after, 1, 1), key -> true);
    }
    // Only a store that is no ledger yet has these.
    byte[] restoring = Table.RESTORING.key();
    refuse(Entries.page(store, restoring, restoring, 1, 1), key -> true);
    refuse(
        Entries.page(store, Table.CHECKPOINT.key(), Table.CHECKPOINT.key(), 1, 1),
        key -> Arrays.compareUnsigned(key, Table.CHECKPOINT.key(0)) < 0);
  }

  private interface KeyTest {
    boolean isStrange(byte[] key);
  }

  private static void refuse(List<Entry> entries, KeyTest test) throws DamagedException {
    if (!entries.isEmpty() && test.isStrange(entries.get(0).key())) {
      throw new DamagedException(Damage.of(entries.get(0).key(), "no ledger has such a key"));
    }
  }

  /** There is nothing of a height of which it is not kept. */
  void checkBelow(KeptRecord kept) throws DamagedException {
    for (Table table : List.of(Table.TRANSACTIONS, Table.RECEIPTS)) {
      checkBelow(table, kept.transactionsFrom());
    }
    if (kept.headersFrom() > 1) { // else there is the checkpoint of the genesis block
      for (Table table : List.of(Table.HEADER, Table.CHECKPOINT, Table.CERTIFICATE)) {
        checkBelow(table, kept.headersFrom());
      }
    }
  }

  private void checkBelow(Table table, long from) throws DamagedException {
    for (Entry first : Entries.page(store, table.key(), table.key(), 1, 1)) {
      if (Arrays.compareUnsigned(first.key(), table.key(from)) < 0) {
        throw new DamagedException(
            Damage.of(first.key(), "the ledger keeps such entries from height " + from + " only"));
      }
    }
  }

  /** No table has a height above the tip, but for certificates of blocks that are still to come. */
  void checkAboveTip(long tip) throws DamagedException {
    for (Table table : BY_HEIGHT) {
      byte[] from = tip == 0 && table != Table.CHECKPOINT ? table.key() : above(table, tip);
      List<Entry> entries = Entries.page(store, table.key(), from, 1, 1);
      if (!entries.isEmpty()) {
        throw new DamagedException(
            Damage.of(entries.get(0).key(), "an entry above the tip, " + tip));
      }
    }
  }

  private static byte[] above(Table table, long tip) {
    return Entries.after(table.key(tip));
  }

  /**
   * Certificates may come before their blocks.
   *
   * @return the highest height above the tip whose checkpoint a quorum signed, else 0
   */
  long checkEarlyCertificates(long tip, BlockCheck check, int quorum) throws DamagedException {
    long stable = 0;
    Table table = Table.CERTIFICATE;
    byte[] from = tip == 0 ? table.key() : above(table, tip);
    for (Entry entry : Entries.page(store, table.key(), from, EARLY_MAX, Long.MAX_VALUE)) {
      CheckpointCertificate certificate = certificate(entry);
      if (!entry.hasKey(table.key(certificate.height())) || certificate.height() <= tip) {
        throw new DamagedException(
            Damage.of(entry.key(), "the certificate is of height " + certificate.height()));
      }
      Optional<String> fault = check.proven(certificate);
      if (fault.isPresent()) {
        throw new DamagedException(Damage.of(certificate.height(), entry.key(), fault.get()));
      }
      if (certificate.signatures().size() >= quorum) {
        stable = certificate.height();
      }
    }
    return stable;
  }

  private static CheckpointCertificate certificate(Entry entry) throws DamagedException {
    try {
      return Decoder.decode(entry.value(), CheckpointCertificate::decode);
    } catch (MalformedException e) {
      throw new DamagedException(Damage.of(entry.key(), "malformed, " + e.getMessage()));
    }
  }

  /**
   * The height in {@code z} is that of the highest checkpoint that a quorum signed.
   *
   * @param highest that height as the certificates tell it, 0 if there is none
   */
  void checkStable(long highest) throws DamagedException {
    Optional<byte[]> stored = store.get(Table.STABLE.key());
    long height = 0;
    if (stored.isPresent()) {
      try {
        height = Decoder.decode(stored.get(), Decoder::u64);
      } catch (MalformedException e) {
        throw new DamagedException(Damage.of(Table.STABLE.key(), "malformed, " + e.getMessage()));
      }
    }
    if (height != highest || (stored.isPresent() && height == 0)) {
      throw new DamagedException(
          Damage.of(
              Table.STABLE.key(),
              "the stable height is %s, but the highest certificate of a quorum is that of %s"
                  .formatted(
                      stored.isPresent() ? String.valueOf(height) : "not stored",
                      highest == 0 ? "no block" : "height " + highest)));
    }
  }

  /**
   * There is no record of a transaction but those of the blocks, all of which were found.
   *
   * @param expected how many those are
   * @param from the lowest height of which transactions are kept
   */
  void checkRecords(long expected, long from, Pace pace) throws DamagedException, StoppedException {
    long count = 0;
    Entries records = new Entries(store, Table.TRANSACTION.key());
    while (records.hasNext()) {
      pace.at(records.next().key());
      count++;
    }
    if (count == expected) {
      return;
    }
    Entries again = new Entries(store, Table.TRANSACTION.key());
    while (again.hasNext()) {
      Entry entry = again.next();
      if (!stands(entry)) {
        throw new DamagedException(
            Damage.of(
                entry.key(),
                "the record of a transaction that no block has"
                    + (from > 1 ? " of those whose transactions are kept, from " + from : "")));
      }
    }
    throw new AssertionError(count + " records of " + expected + " transactions");
  }

  /** Whether the receipts of the height that a record names have its transaction in its place. */
  private boolean stands(Entry entry) {
    try {
      TransactionRecord record = Decoder.decode(entry.value(), TransactionRecord::decode);
      Optional<byte[]> stored = store.get(Table.RECEIPTS.key(record.height()));
      if (stored.isEmpty() || entry.key().length != 1 + Digest.BYTES) {
        return false;
      }
      List<Receipt> receipts =
          Decoder.decode(
              stored.get(),
              in -> in.list(ChainParameters.BLOCK_TRANSACTIONS_LIMIT, Receipt::decode));
      return record.index() < receipts.size()
          && receipts.get(record.index()).transactionHash().equals(Digest.of(entry.key(), 1));
    } catch (MalformedException e) {
      return false;
    }
  }
}
