package org.quorate.node.simulation;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.quorate.node.journal.Disk;
import org.quorate.node.simulation.DiskFault.Operation;

/**
 * A journal's folder on a disk that keeps only what it promised. What was written and not synced
 * is, after a crash, there or not, each sector for itself; so is a new size; and of the renames
 * that were not synced the first few happened.
 */
final class SimulatedDisk implements Disk {
  private static final int SECTOR_BYTES = 512;
  private static final int EXTENT_BYTES = 4_096;

  private final SplittableRandom random;
  private final DiskFault fault;
  private final LongConsumer busy;
  private final boolean lies;
  private TreeMap<String, Content> names = new TreeMap<>();
  private TreeMap<String, Content> durableNames = new TreeMap<>();

  /** What the names were after each change that is not synced, oldest first. */
  private final List<TreeMap<String, Content>> changes = new ArrayList<>();

  /** The bytes of a file: as programs see them, and as they are on the platter. */
  private static final class Content {
    byte[] seen = new byte[0];
    byte[] durable = new byte[0];
    final BitSet dirtySectors = new BitSet();
  }

  /**
   * @param busy is told how long the node's thread waits
   * @param lies whether it says that it has synced, and has not
   */
  SimulatedDisk(SplittableRandom random, DiskFault fault, LongConsumer busy, boolean lies) {
    this.random = random;
    this.fault = fault;
    this.busy = busy;
    this.lies = lies;
  }

  private void begin(Operation operation) throws IOException {
    busy.accept(fault.begin(operation));
  }

  @Override
  public int extentBytes() {
    return EXTENT_BYTES;
  }

  @Override
  public long unique() {
    return random.nextLong();
  }

  @Override
  public boolean exists(String name) {
    return names.containsKey(name);
  }

  @Override
  public DiskFile open(String name) throws IOException {
    Content content = names.get(name);
    if (content == null) {
      throw new FileNotFoundException(name);
    }
    return new OpenFile(content);
  }

  @Override
  public DiskFile create(String name) throws IOException {
    begin(Operation.WRITE);
    Content content = new Content();
    names.put(name, content);
    changed();
    return new OpenFile(content);
  }

  @Override
  public void delete(String name) throws IOException {
    if (names.containsKey(name)) {
      begin(Operation.WRITE);
      names.remove(name);
      changed();
    }
  }

  @Override
  public void replace(String from, String to) throws IOException {
    begin(Operation.RENAME);
    Content content = names.remove(from);
    if (content == null) {
      throw new FileNotFoundException(from);
    }
    names.put(to, content);
    changed();
  }

  private void changed() {
    changes.add(new TreeMap<>(names));
  }

  @Override
  public void syncNames() throws IOException {
    begin(Operation.SYNC);
    durableNames = new TreeMap<>(names);
    changes.clear();
  }

  @Override
  public String toString() {
    return "a simulated disk";
  }

  // What happens to it.

  /** The power goes: what was not synced is lost, in part. Returns whether there was anything. */
  boolean crash() {
    boolean unsynced = !changes.isEmpty();
    if (unsynced) {
      int happened = fault.tear().kept(changes.size(), random);
      durableNames = happened == 0 ? durableNames : changes.get(happened - 1);
      changes.clear();
    }
    names = new TreeMap<>(durableNames);
    for (Content content : names.values()) {
      unsynced |= tear(content);
    }
    return unsynced;
  }

  /** Keeps of what was not synced nothing, all, the first sectors, or any. */
  private boolean tear(Content content) {
    if (content.dirtySectors.isEmpty() && content.seen.length == content.durable.length) {
      return false;
    }
    int kind = fault.tear().sectors(random);
    int size = fault.tear().kept(1, random) == 1 ? content.seen.length : content.durable.length;
    byte[] left = Arrays.copyOf(content.durable, size);
    int first = random.nextInt(content.dirtySectors.cardinality() + 1);
    for (int sector = content.dirtySectors.nextSetBit(0);
        sector >= 0;
        sector = content.dirtySectors.nextSetBit(sector + 1)) {
      boolean kept =
          switch (kind) {
            case 0 -> false;
            case 1 -> true;
            case 2 -> first-- > 0;
            default -> random.nextBoolean();
          };
      if (kept) {
        copySector(content.seen, left, sector);
      }
    }
    content.seen = left;
    content.durable = left.clone();
    content.dirtySectors.clear();
    return true;
  }

  private static void copySector(byte[] from, byte[] to, int sector) {
    int start = sector * SECTOR_BYTES;
    int end = Math.min(Math.min(from.length, to.length), start + SECTOR_BYTES);
    if (end > start) {
      System.arraycopy(from, start, to, start, end - start);
    }
  }

  /** Flips one bit of what is written; false if there is nothing. */
  boolean flipABit() {
    Content content = names.get("journal");
    if (content == null) {
      return false;
    }
    int end = content.seen.length;
    while (end > 0 && content.seen[end - 1] == 0) {
      end--;
    }
    if (end == 0) {
      return false;
    }
    int at = random.nextInt(end);
    byte flipped = (byte) (content.seen[at] ^ (1 << random.nextInt(8)));
    content.seen[at] = flipped;
    content.durable[at] = flipped;
    return true;
  }

  /** The disk is gone, and an empty one is in its place. */
  void wipe() {
    names.clear();
    durableNames.clear();
    changes.clear();
  }

  /** A copy of all that is durable. */
  Image image() {
    TreeMap<String, byte[]> files = new TreeMap<>();
    durableNames.forEach((name, content) -> files.put(name, content.durable.clone()));
    return new Image(files);
  }

  /** Puts an older copy in place of what is there. */
  void restore(Image image) {
    wipe();
    image
        .files()
        .forEach(
            (name, bytes) -> {
              Content content = new Content();
              content.seen = bytes.clone();
              content.durable = bytes.clone();
              names.put(name, content);
            });
    durableNames = new TreeMap<>(names);
  }

  /** A backup. */
  record Image(TreeMap<String, byte[]> files) {}

  private final class OpenFile implements DiskFile {
    private final Content content;
    private @Nullable IOException closed;

    OpenFile(Content content) {
      this.content = content;
    }

    private void check() throws IOException {
      if (closed != null) {
        throw closed;
      }
    }

    @Override
    public long size() throws IOException {
      check();
      return content.seen.length;
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
      check();
      int length = (int) Math.min(to.remaining(), content.seen.length - position);
      if (length <= 0) {
        return -1;
      }
      to.put(content.seen, (int) position, length);
      return length;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      check();
      begin(Operation.WRITE);
      int at = (int) position;
      int length = from.remaining();
      if (at + length > content.seen.length) {
        content.seen = Arrays.copyOf(content.seen, at + length);
      }
      from.get(content.seen, at, length);
      if (length > 0) {
        content.dirtySectors.set(at / SECTOR_BYTES, (at + length - 1) / SECTOR_BYTES + 1);
      }
      return length;
    }

    @Override
    public void truncate(long size) throws IOException {
      check();
      begin(Operation.WRITE);
      if (size < content.seen.length) {
        content.seen = Arrays.copyOf(content.seen, (int) size);
      }
    }

    /** Without metadata a new size is not durable, and what lies beyond the old one is lost. */
    @Override
    public void force(boolean metadata) throws IOException {
      check();
      begin(Operation.SYNC);
      if (lies && !metadata) {
        return;
      }
      if (metadata && content.durable.length != content.seen.length) {
        content.durable = Arrays.copyOf(content.durable, content.seen.length);
      }
      for (int sector = content.dirtySectors.nextSetBit(0);
          sector >= 0;
          sector = content.dirtySectors.nextSetBit(sector + 1)) {
        copySector(content.seen, content.durable, sector);
      }
      content.dirtySectors.clear();
    }

    @Override
    public void close() {
      closed = new IOException("the file is closed");
    }
  }
}
