package org.quorate.ledger.salvage;

import java.util.Optional;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.TipRecord;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.store.DatabaseFiles;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/**
 * The damaged ledger, read by keys: those of its tables follow from heights, and those of the
 * records from the blocks' transactions. Owned by one thread.
 */
final class OldLedger {
  private final DatabaseFiles files;
  private final ChainStore reads;

  OldLedger(DatabaseFiles files, ChainSpec spec) {
    this.files = files;
    this.reads = new ChainStore(files, spec.chainHash());
  }

  /** What it has at a key, undecoded, and whether something was there that cannot be read. */
  record Raw(Optional<byte[]> bytes, boolean damaged) {}

  ChainStore reads() {
    return reads;
  }

  Raw raw(byte[] key) {
    try {
      Optional<byte[]> bytes = files.get(key);
      // An earlier repair could not save it either.
      boolean lost = bytes.isPresent() && bytes.get().length == 0;
      return new Raw(lost ? Optional.empty() : bytes, lost);
    } catch (StorageException e) {
      return new Raw(Optional.empty(), true);
    }
  }

  /**
   * The height of the last block; empty if it cannot be read.
   *
   * @throws LedgerException if the store is whole and no ledger, or another chain's
   */
  Optional<Long> height() throws LedgerException {
    Raw raw = raw(Table.TIP.key());
    if (raw.bytes().isEmpty()) {
      if (!raw.damaged()) {
        throw new LedgerException("the store is not that of a ledger: it has no tip");
      }
      return Optional.empty();
    }
    try {
      TipRecord tip = Decoder.decode(raw.bytes().get(), TipRecord::decode);
      if (!tip.chainHash().equals(reads.chainHash())) {
        throw new LedgerException(
            "the store holds the chain "
                + tip.chainHash()
                + ", but the genesis file is that of "
                + reads.chainHash());
      }
      return Optional.of(tip.height());
    } catch (MalformedException e) {
      throw new LedgerException("the store is no ledger of this program's: " + e.getMessage(), e);
    }
  }

  /** Whether {@link #kept} says what the ledger said last, and does not only conclude it. */
  boolean keptIsKnown() {
    return files.isCertain(Table.KEPT.key());
  }

  /**
   * From which heights on the ledger has what. If that cannot be read, or only as it was once, it
   * is concluded: of what is surely not there it is that it was dropped, of what cannot be read
   * that it was there. If too much is expected then, peers are asked for it in vain until it is
   * dropped; if too little, what they could give is lost.
   *
   * @param snapshot the height of the newest snapshot, 0 if there is none: there is what comes
   *     after it
   */
  KeptRecord kept(long snapshot) {
    Optional<KeptRecord> said = storedKept();
    if (keptIsKnown()) {
      return said.orElse(KeptRecord.ALL);
    }
    long headers =
        said.map(KeptRecord::headersFrom)
            .orElseGet(() -> lowest(1, Math.max(1, snapshot) - 1, Table.HEADER));
    long from = said.map(KeptRecord::transactionsFrom).orElse(headers);
    return new KeptRecord(headers, lowest(from, snapshot, Table.TRANSACTIONS, Table.RECEIPTS));
  }

  private Optional<KeptRecord> storedKept() {
    return raw(Table.KEPT.key()).bytes().isEmpty() ? Optional.empty() : Optional.of(reads.kept());
  }

  /** The lowest height of which there is or may be an entry; one above {@code to} if none is. */
  private long lowest(long from, long to, Table... tables) {
    long height = from;
    while (height <= to && !mayHave(height, tables)) {
      height++;
    }
    return height;
  }

  private boolean mayHave(long height, Table... tables) {
    for (Table table : tables) {
      Raw raw = raw(table.key(height));
      if (raw.damaged() || raw.bytes().isPresent()) {
        return true;
      }
    }
    return false;
  }
}
