package org.quorate.ledger.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * A state in pieces that each prove themselves. The tree of the state is cut into the largest
 * subtrees whose entries fit a chunk, so that equal states are cut alike, whoever does it.
 *
 * <pre>
 * chunk = list(state_entry)      in rising order of paths
 * </pre>
 */
public final class StateChunks {
  /** Most bytes of a chunk. */
  public static final int CHUNK_BYTES_MAX = 1 << 20;

  /** An entry takes at least two lengths and the byte of its namespace. */
  private static final int ENTRIES_MAX = CHUNK_BYTES_MAX / 9;

  private final Sink sink;
  private final TreeHasher hasher = new TreeHasher();
  private final TreeLoader loader;

  private StateChunks(StoreReader store, Sink sink) {
    this.sink = sink;
    this.loader = new TreeLoader(store, hasher);
  }

  /** Takes one chunk after the other, in rising order. */
  @FunctionalInterface
  public interface Sink {
    void take(Subtree subtree, byte[] chunk) throws IOException;
  }

  /**
   * Cuts the state of {@code store}, which must not change meanwhile.
   *
   * @throws org.quorate.ledger.store.StorageException if it is damaged
   */
  public static void cut(StoreReader store, Sink sink) throws IOException {
    new StateChunks(store, sink).cut(new byte[Digest.BYTES], 0);
  }

  private void cut(byte[] beginning, int depth) throws IOException {
    Digest path = Digest.of(beginning);
    Gathered gathered = new Gathered();
    loader.scan(path, depth, gathered::add);
    if (gathered.fits()) {
      sink.take(
          new Subtree(path, depth, gathered.leaves.tree(depth, hasher).hash()), gathered.bytes());
      return;
    }
    cut(beginning, depth + 1);
    beginning[depth >>> 3] |= (byte) (0x80 >>> (depth & 7));
    cut(beginning, depth + 1);
    beginning[depth >>> 3] &= (byte) ~(0x80 >>> (depth & 7));
  }

  /** The entries of a subtree, as long as they fit. */
  private final class Gathered {
    private final List<byte[]> entries = new ArrayList<>();
    private final Leaves leaves = new Leaves(Bucket.LEAVES_MAX);
    private int bytes = Integer.BYTES;

    boolean add(byte[] key, byte[] value) {
      bytes += value.length;
      entries.add(value);
      if (fits()) {
        loader.add(key, value, leaves);
      }
      return fits();
    }

    boolean fits() {
      return bytes <= CHUNK_BYTES_MAX;
    }

    byte[] bytes() {
      Encoder out = new Encoder().u32(entries.size());
      entries.forEach(out::fixed);
      return out.toBytes();
    }
  }

  /**
   * Adds to {@code batch} the entries of a chunk.
   *
   * @throws MalformedException if it is not the whole {@code subtree} and nothing else
   */
  public static void restore(Subtree subtree, byte[] chunk, Batch batch) throws MalformedException {
    if (chunk.length > CHUNK_BYTES_MAX) {
      throw new MalformedException("a chunk has at most " + CHUNK_BYTES_MAX + " bytes");
    }
    List<StateEntry> entries =
        Decoder.decode(chunk, in -> in.list(ENTRIES_MAX, StateEntry::decode));
    TreeHasher hasher = new TreeHasher();
    Leaves leaves = new Leaves(entries.size());
    Digest last = null;
    for (StateEntry entry : entries) {
      Digest path = StateEntry.path(entry.key());
      if (!subtree.contains(path) || (last != null && last.compareTo(path) >= 0)) {
        throw new MalformedException("an entry of the chunk is out of place");
      }
      last = path;
      leaves.add(path, hasher.leaf(path, hasher.digest(entry.value().bytes())));
      batch.put(Table.STATE.key(path.bytes()), entry.encoded());
    }
    Digest root = leaves.tree(subtree.depth(), hasher).hash();
    if (!root.equals(subtree.root())) {
      throw new MalformedException("the chunk's root is " + root + ", not " + subtree.root());
    }
  }

  /**
   * The root of the whole state that {@code cut} are the subtrees of.
   *
   * @throws MalformedException if they leave a gap or overlap
   */
  public static Digest root(List<Subtree> cut) throws MalformedException {
    Folding folding = new Folding(cut);
    Digest root = folding.fold(new byte[Digest.BYTES], 0);
    if (folding.next < cut.size()) {
      throw new MalformedException("the cut goes on after the whole tree");
    }
    return root;
  }

  private static final class Folding {
    private final List<Subtree> cut;
    private int next;

    Folding(List<Subtree> cut) {
      this.cut = cut;
    }

    Digest fold(byte[] beginning, int depth) throws MalformedException {
      if (next == cut.size()) {
        throw new MalformedException("the cut ends before the whole tree");
      }
      Subtree subtree = cut.get(next);
      if (subtree.depth() == depth) {
        next++;
        if (!subtree.beginning().equals(Digest.of(beginning))) {
          throw new MalformedException("a subtree of the cut is out of place");
        }
        return subtree.root();
      }
      if (subtree.depth() < depth) {
        throw new MalformedException("a subtree of the cut is out of place");
      }
      Digest left = fold(beginning, depth + 1);
      beginning[depth >>> 3] |= (byte) (0x80 >>> (depth & 7));
      Digest right = fold(beginning, depth + 1);
      beginning[depth >>> 3] &= (byte) ~(0x80 >>> (depth & 7));
      return Digest.sha256(new byte[] {1}, left.bytes(), right.bytes());
    }
  }
}
