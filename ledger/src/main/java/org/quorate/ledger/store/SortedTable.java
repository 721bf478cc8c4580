package org.quorate.ledger.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of LevelDB's, read as far as its checksums hold, and never further. Where its index is
 * damaged, the blocks are found one after the other: the lengths in each say where it ends, up to
 * the first in which a length is damaged. Owned by one thread.
 */
final class SortedTable implements Closeable {
  /** A larger table than LevelDB makes is not looked through without its index. */
  private static final long WALKED_BYTES_MAX = 512L << 20;

  private final FileChannel file;
  private final List<DataBlock> blocks;
  private final boolean whole;

  /** The block that was read last, and its bytes; null if they are damaged. */
  private int recent = -1;

  private byte @Nullable [] recentBytes;

  /**
   * A block of data, and a key that none of its keys is above, and all of the next one's are. One
   * without a place is damaged, and the key is the first of the next.
   */
  private static final class DataBlock {
    final byte[] last;
    final TableFormat.@Nullable Handle handle;

    DataBlock(byte[] last, TableFormat.@Nullable Handle handle) {
      this.last = last;
      this.handle = handle;
    }
  }

  /** What was found at a key, if anything, and whether there may be something newer or at all. */
  record Lookup(BlockEntries.@Nullable Version version, boolean inDoubt) {
    static final Lookup NOTHING = new Lookup(null, false);
    static final Lookup DOUBT = new Lookup(null, true);
  }

  private SortedTable(FileChannel file, List<DataBlock> blocks, boolean whole) {
    this.file = file;
    this.blocks = blocks;
    this.whole = whole;
  }

  /** Opens a table; one of which nothing can be read is one that may have had any key. */
  static SortedTable open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    boolean opened = false;
    try {
      SortedTable table = indexed(file).orElse(null);
      table = table == null ? walked(file) : table;
      opened = true;
      return table;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  private static Optional<SortedTable> indexed(FileChannel file) throws IOException {
    Optional<TableFormat.Footer> footer = TableFormat.footer(file);
    Optional<byte[]> index =
        footer.isEmpty() ? Optional.empty() : TableFormat.block(file, footer.get().index());
    BlockEntries entries = index.isEmpty() ? null : BlockEntries.of(index.get());
    if (entries == null) {
      return Optional.empty();
    }
    List<DataBlock> blocks = new ArrayList<>();
    while (entries.next()) {
      blocks.add(new DataBlock(entries.userKey(), handle(entries.value())));
    }
    return Optional.of(new SortedTable(file, blocks, true));
  }

  private static TableFormat.Handle handle(byte[] value) {
    return TableFormat.Handle.read(ByteBuffer.wrap(value));
  }

  private static SortedTable walked(FileChannel file) throws IOException {
    List<DataBlock> blocks = new ArrayList<>();
    if (file.size() > WALKED_BYTES_MAX) {
      return new SortedTable(file, blocks, false);
    }
    byte[] table = TableFormat.read(file, 0, (int) file.size()).array();
    boolean gap = false;
    int at = 0;
    while (true) {
      int size = BlockEntries.sizeAt(table, at);
      if (size < 0) {
        return new SortedTable(file, blocks, false);
      }
      boolean sound = TableFormat.hasChecksum(table, at, size);
      BlockEntries entries =
          sound ? BlockEntries.of(Arrays.copyOfRange(table, at, at + size + 1)) : null;
      if (entries == null) {
        gap = true;
      } else if (!entries.next()) { // the meta index, which is empty: the data have ended
        return new SortedTable(file, blocks, !gap);
      } else {
        if (gap) {
          blocks.add(new DataBlock(entries.userKey(), null));
          gap = false;
        }
        byte[] last = entries.userKey();
        while (entries.next()) {
          last = entries.userKey();
        }
        blocks.add(new DataBlock(last, new TableFormat.Handle(at, size)));
      }
      at += size + TableFormat.TRAILER_BYTES;
    }
  }

  /** A key that none of the table's is below; empty bytes if that cannot be told. */
  byte[] from() {
    BlockEntries first = blocks.isEmpty() ? null : entries(0);
    return first != null && first.next() ? first.userKey() : new byte[0];
  }

  /** A key that none of the table's is above; null if that cannot be told. */
  byte @Nullable [] to() {
    return whole && !blocks.isEmpty() ? blocks.get(blocks.size() - 1).last : null;
  }

  /** What the table has at a key. */
  Lookup get(byte[] userKey) {
    int at = firstNotBelow(userKey);
    if (at < blocks.size()
        && blocks.get(at).handle == null
        && Arrays.equals(blocks.get(at).last, userKey)) {
      at++;
    }
    if (at == blocks.size()) {
      return whole ? Lookup.NOTHING : Lookup.DOUBT;
    }
    BlockEntries entries = entries(at);
    if (entries == null) {
      return Lookup.DOUBT;
    }
    while (entries.next()) {
      int order = entries.compareTo(userKey);
      if (order >= 0) {
        return order == 0 ? new Lookup(entries.version(), false) : Lookup.NOTHING;
      }
    }
    return Lookup.NOTHING;
  }

  private int firstNotBelow(byte[] userKey) {
    int low = 0;
    int high = blocks.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(blocks.get(middle).last, userKey) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private @Nullable BlockEntries entries(int block) {
    if (recent != block) {
      recent = block;
      recentBytes = bytes(blocks.get(block).handle);
    }
    return recentBytes == null ? null : BlockEntries.of(recentBytes);
  }

  /** A sector that the disk does not give is as good as one that it gives wrong. */
  private byte @Nullable [] bytes(TableFormat.@Nullable Handle handle) {
    try {
      return handle == null ? null : TableFormat.block(file, handle).orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
