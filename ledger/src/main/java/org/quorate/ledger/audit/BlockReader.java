package org.quorate.ledger.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * Reads what a store has by heights, a window of blocks at a time, and sees what is missing between
 * them and what does not belong there. Owned by one thread.
 */
final class BlockReader {
  /** Blocks of a window. */
  private static final int BLOCKS_MAX = 64;

  /** Bytes of transactions of a window, if it has more than one block. */
  private static final long BYTES_MAX = 4L << 20;

  private static final List<Table> BY_HEIGHT =
      List.of(
          Table.HEADER, Table.TRANSACTIONS, Table.RECEIPTS, Table.CHECKPOINT, Table.CERTIFICATE);

  private final StoreReader store;
  private final long tip;
  private final long headersFrom;
  private final long bodiesFrom;

  /**
   * @param tip the height of the last block
   * @param kept from which heights on there is what; there is nothing of it below
   */
  BlockReader(StoreReader store, long tip, KeptRecord kept) {
    this.store = store;
    this.tip = tip;
    this.headersFrom = kept.headersFrom();
    this.bodiesFrom = kept.transactionsFrom();
  }

  /**
   * The blocks from {@code from} on, at least one of them, all with their bodies or all without.
   *
   * @param from the lowest that is kept to the tip
   */
  List<BlockEntries> read(long from) throws DamagedException {
    return read(from, BLOCKS_MAX);
  }

  /** The height of the last block. */
  long tip() {
    return tip;
  }

  /** The block at a height alone. */
  BlockEntries readOne(long height) throws DamagedException {
    return read(height, 1).get(0);
  }

  private List<BlockEntries> read(long from, int blocksMax) throws DamagedException {
    try {
      return window(from, blocksMax);
    } catch (UnreadableException e) {
      findUnreadable(from);
      throw e;
    }
  }

  /** Names the first entry of a window that cannot be read, if it is one of those of its blocks. */
  private void findUnreadable(long from) throws DamagedException {
    for (long height = from; height <= Math.min(tip, from + BLOCKS_MAX - 1); height++) {
      for (Table table : BY_HEIGHT) {
        try {
          store.get(table.key(height));
        } catch (UnreadableException e) {
          throw new DamagedException(
              Damage.of(height, table.key(height), String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private List<BlockEntries> window(long from, int blocksMax) throws DamagedException {
    boolean bodies = from >= bodiesFrom;
    int most = (int) Math.min(blocksMax, (bodies ? tip : bodiesFrom - 1) - from + 1);
    List<Entry> transactions =
        bodies ? rows(Table.TRANSACTIONS, from, most, bodiesFrom, BYTES_MAX) : List.of();
    int count = bodies ? transactions.size() : most;
    List<Entry> receipts = bodies ? exactly(Table.RECEIPTS, from, count, bodiesFrom) : List.of();
    List<Entry> headers = exactly(Table.HEADER, from, count, headersFrom);
    List<Entry> checkpoints = exactly(Table.CHECKPOINT, from, count, headersFrom);
    List<BlockEntries> blocks = new ArrayList<>(count);
    List<Optional<Entry>> certificates = certificates(from, count);
    for (int i = 0; i < count; i++) {
      blocks.add(
          new BlockEntries(
              from + i,
              headers.get(i),
              checkpoints.get(i),
              bodies
                  ? Optional.of(new BlockEntries.Body(transactions.get(i), receipts.get(i)))
                  : Optional.empty(),
              certificates.get(i)));
    }
    return blocks;
  }

  private List<Entry> exactly(Table table, long from, int count, long first)
      throws DamagedException {
    List<Entry> rows = rows(table, from, count, first, Long.MAX_VALUE);
    if (rows.size() < count) {
      throw missing(table, from + rows.size());
    }
    return rows;
  }

  /** Entries of one height after the other; at least one. */
  private List<Entry> rows(Table table, long from, int most, long first, long bytesMax)
      throws DamagedException {
    List<Entry> rows = Entries.page(store, table.key(), start(table, from, first), most, bytesMax);
    for (int i = 0; i < rows.size(); i++) {
      check(table, rows.get(i).key(), from + i);
    }
    if (rows.isEmpty()) {
      throw missing(table, from);
    }
    return rows;
  }

  /** What lies before the first height of a table is seen with it. */
  private static byte[] start(Table table, long from, long first) {
    if (from > first) {
      return table.key(from);
    }
    return first == 1 && table == Table.CHECKPOINT ? Entries.after(table.key(0)) : table.key();
  }

  private static void check(Table table, byte[] key, long expected) throws DamagedException {
    byte[] wanted = table.key(expected);
    if (Arrays.equals(key, wanted)) {
      return;
    }
    if (Arrays.compareUnsigned(key, wanted) < 0 || key.length != wanted.length) {
      throw strange(key);
    }
    throw missing(table, expected);
  }

  private List<Optional<Entry>> certificates(long from, int count) throws DamagedException {
    List<Optional<Entry>> certificates = new ArrayList<>();
    byte[] last = Table.CERTIFICATE.key(from + count - 1);
    for (Entry entry :
        Entries.page(
            store,
            Table.CERTIFICATE.key(),
            start(Table.CERTIFICATE, from, headersFrom),
            count,
            Long.MAX_VALUE)) {
      if (Arrays.compareUnsigned(entry.key(), last) > 0) {
        break;
      }
      while (certificates.size() < count
          && Arrays.compareUnsigned(Table.CERTIFICATE.key(from + certificates.size()), entry.key())
              < 0) {
        certificates.add(Optional.empty());
      }
      if (!entry.hasKey(Table.CERTIFICATE.key(from + certificates.size()))) {
        throw strange(entry.key());
      }
      certificates.add(Optional.of(entry));
    }
    while (certificates.size() < count) {
      certificates.add(Optional.empty());
    }
    return certificates;
  }

  private static DamagedException missing(Table table, long height) {
    return new DamagedException(Damage.of(height, table.key(height), "the entry is missing"));
  }

  private static DamagedException strange(byte[] key) {
    return new DamagedException(Damage.of(key, "no ledger has such a key here"));
  }
}
