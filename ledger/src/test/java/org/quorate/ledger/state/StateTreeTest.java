package org.quorate.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreSnapshot;
import org.quorate.ledger.store.Table;

final class StateTreeTest {
  /** So little that nothing stays in memory, and pages are written soon. */
  private static final TreeLimits TIGHT = new TreeLimits(0, 60, 7);

  private final MemoryStore store = new MemoryStore();
  private final SortedMap<Digest, ByteString> contents = new TreeMap<>();
  private long height;

  /** Random changes must lead to the root of a tree built at once, in memory or not. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void treeIsThatOfItsContentsAndNotOfItsHistory(long seed) {
    Random random = new Random(seed);
    TreeLimits limits = seed % 2 == 0 ? TIGHT : TreeLimits.DEFAULTS;
    List<Digest> paths = paths(random, 120);
    StateTree tree = StateTree.empty(store, limits);
    for (int round = 0; round < 200; round++) {
      SortedMap<Digest, Optional<ByteString>> changes = new TreeMap<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        Digest path = paths.get(random.nextInt(paths.size()));
        boolean remove = random.nextInt(100) < (round % 60 < 40 ? 20 : 80);
        changes.put(path, remove ? Optional.empty() : Optional.of(value(random)));
      }
      update(tree, changes);
      assertThat(tree.root()).isEqualTo(naiveRoot());
      if (random.nextInt(4) == 0) {
        tree = StateTree.open(store, tree.root(), limits);
        assertThat(keys(Table.CHANGED)).isNotEmpty(); // looked up, not all computed anew
      }
    }
  }

  @Test
  void emptyTreeHasTheZeroRootAgain() {
    StateTree tree = StateTree.empty(store, TreeLimits.DEFAULTS);
    assertThat(tree.root()).isEqualTo(Digest.ZERO);
    Digest path = Digest.sha256();
    update(tree, new TreeMap<>(Map.of(path, Optional.of(ByteString.EMPTY))));
    assertThat(tree.root())
        .isEqualTo(Digest.sha256(new byte[] {0}, path.bytes(), Digest.sha256().bytes()));
    update(tree, new TreeMap<>(Map.of(path, Optional.empty())));
    assertThat(tree.root()).isEqualTo(Digest.ZERO);
  }

  @Test
  void treeLargerThanItsMemoryIsReadBackAsNeeded() {
    Random random = new Random(9);
    long memory = 3_000_000;
    StateTree tree = StateTree.empty(store, new TreeLimits(memory, 500, 7));
    for (int block = 0; block < 300; block++) {
      SortedMap<Digest, Optional<ByteString>> changes = new TreeMap<>();
      for (int i = 0; i < 300; i++) {
        byte[] path = digest(random).bytes();
        path[0] &= 0x0f; // several leaves to a page, as in a large tree
        changes.put(Digest.of(path), Optional.of(value(random)));
      }
      List<Digest> known = new ArrayList<>(contents.keySet());
      for (int i = 0; i < 40 && !known.isEmpty(); i++) {
        changes.put(
            known.get(random.nextInt(known.size())),
            i % 3 == 0 ? Optional.empty() : Optional.of(value(random)));
      }
      update(tree, changes);
    }
    assertThat(contents).hasSizeGreaterThan(80_000);
    assertThat(tree.root()).isEqualTo(naiveRoot());
    assertThat(tree.node().memoryBytes()).isLessThan(memory + memory / 5);
  }

  /** Its pages without their buckets would take twice as much. */
  @Test
  void pagesThatWaitToBeWrittenTakeNoMoreMemoryThanThereIs() {
    Random random = new Random(9);
    long memory = 1_000_000;
    TreeLimits limits = new TreeLimits(memory, Integer.MAX_VALUE, Integer.MAX_VALUE);
    StateTree tree = StateTree.empty(store, limits);
    for (int block = 0; block < 80; block++) {
      SortedMap<Digest, Optional<ByteString>> changes = new TreeMap<>();
      for (int i = 0; i < 1_000; i++) {
        byte[] path = digest(random).bytes();
        path[0] &= 0x0f;
        changes.put(Digest.of(path), Optional.of(value(random)));
      }
      update(tree, changes);
    }
    List<Digest> known = new ArrayList<>(contents.keySet());
    for (int block = 0; block < 100; block++) {
      SortedMap<Digest, Optional<ByteString>> changes = new TreeMap<>();
      for (int i = 0; i < 50; i++) {
        changes.put(known.get(random.nextInt(known.size())), Optional.of(value(random)));
      }
      update(tree, changes);
    }
    assertThat(tree.node().memoryBytes()).isLessThan(memory + memory / 5);
    StateTree reopened = StateTree.open(store, tree.root(), limits);
    change(reopened, random, 300);
    assertThat(reopened.root()).isEqualTo(naiveRoot());
  }

  /** Whoever reads a proof of a block is not disturbed by those after it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oldTreeStaysAsItWas(boolean tight) {
    Random random = new Random(4);
    StateTree tree = StateTree.empty(store, tight ? TIGHT : TreeLimits.DEFAULTS);
    change(tree, random, 300);
    Digest root = tree.root();
    TreeNode old = tree.node();
    change(tree, random, 300);
    assertThat(old.hash()).isEqualTo(root).isNotEqualTo(tree.root());
  }

  /** The grammar of FORMAT.md, section 10. */
  @Test
  void storedPageHasTheFormOfTheFormatPage() throws MalformedException {
    String leaf = "01" + "11".repeat(32) + "22".repeat(32);
    String form = "03" + leaf + "03" + "00" + "02" + "33".repeat(32);
    TreeHasher hasher = new TreeHasher();
    TreeNode page = Decoder.decode(Hex.decode(form), in -> TreePage.decode(in, 16, hasher));
    assertThat(Hex.encode(TreePage.encoded(page))).isEqualTo(form);
    Digest bucket = Digest.fromHex("33".repeat(32));
    Digest right = Digest.sha256(new byte[] {1}, Digest.ZERO.bytes(), bucket.bytes());
    assertThat(page.hash())
        .isEqualTo(Digest.sha256(new byte[] {1}, Hex.decode("22".repeat(32)), right.bytes()));
  }

  @Test
  void pagesThatAreDamagedOrGoneAreComputedFromTheState() {
    Random random = new Random(3);
    StateTree tree = StateTree.empty(store, new TreeLimits(0, 0, 0));
    change(tree, random, 3_000);
    List<byte[]> pages = keys(Table.PAGE);
    assertThat(pages).hasSizeGreaterThan(1_000);
    byte[] first = store.get(pages.get(0)).orElseThrow();
    first[first.length - 1] ^= 1;
    store.write(
        new Batch().put(pages.get(0), first).put(pages.get(1), new byte[] {9}).delete(pages.get(2)),
        true);
    change(tree, random, 3_000); // meets what is damaged
    StateTree reopened = StateTree.open(store, tree.root(), TreeLimits.DEFAULTS);
    Map<String, String> sound = storedPages();
    assertThat(sound).hasSizeGreaterThan(3_000);
    for (byte[] page : keys(Table.PAGE)) {
      store.write(new Batch().delete(page), true);
    }
    byte[] needless = pageWithoutState();
    store.write(new Batch().put(needless, first), true);
    reopened = StateTree.open(store, reopened.root(), TreeLimits.DEFAULTS);
    assertThat(storedPages()).isEqualTo(sound).doesNotContainKey(Hex.encode(needless));
    change(reopened, random, 300);
    assertThat(reopened.root()).isEqualTo(naiveRoot());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void computationThatIsInterruptedIsBegunAnew(int writes) {
    Random random = new Random(3);
    StateTree tree = StateTree.empty(store, new TreeLimits(0, 0, 0));
    change(tree, random, 3_000);
    Map<String, String> sound = storedPages();
    store.write(new Batch().delete(keys(Table.PAGE).get(7)), true);
    KeyValueStore full = new FullAfter(writes);
    assertThatThrownBy(() -> StateTree.open(full, tree.root(), TreeLimits.DEFAULTS))
        .hasMessage("full");
    StateTree reopened = StateTree.open(store, tree.root(), TreeLimits.DEFAULTS);
    assertThat(storedPages()).isEqualTo(sound);
    assertThat(TreeCheck.fault(store)).isEmpty();
    change(reopened, random, 300);
    assertThat(reopened.root()).isEqualTo(naiveRoot());
  }

  /** The store of this test, which takes so many writes more. */
  private final class FullAfter implements KeyValueStore {
    private int writesLeft;

    FullAfter(int writes) {
      this.writesLeft = writes;
    }

    @Override
    public Optional<byte[]> get(byte[] key) {
      return store.get(key);
    }

    @Override
    public void scan(byte[] prefix, byte[] from, Visitor visitor) {
      store.scan(prefix, from, visitor);
    }

    @Override
    public StoreSnapshot snapshot() {
      return store.snapshot();
    }

    @Override
    public void write(Batch batch, boolean sync) {
      if (writesLeft-- == 0) {
        throw new StorageException("full");
      }
      store.write(batch, sync);
    }

    @Override
    public void compact(byte[] from, byte[] to) {
      store.compact(from, to);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private Map<String, String> storedPages() {
    Map<String, String> pages = new TreeMap<>();
    for (byte[] key : keys(Table.PAGE)) {
      pages.put(Hex.encode(key), Hex.encode(store.get(key).orElseThrow()));
    }
    return pages;
  }

  private byte[] pageWithoutState() {
    int page = 0;
    for (Digest path : contents.keySet()) {
      if (path.beginning() >>> 16 > page) {
        break;
      }
      page = (path.beginning() >>> 16) + 1;
    }
    return Table.PAGE.key(new byte[] {(byte) (page >>> 8), (byte) page});
  }

  /** A page that decodes, and is not the one its parent knows. */
  @Test
  void pageThatIsNotItsParentsIsNotUsed() {
    Random random = new Random(3);
    StateTree tree = StateTree.empty(store, new TreeLimits(0, 0, 0));
    SortedMap<Digest, Optional<ByteString>> crowd = new TreeMap<>();
    paths(random, 300).forEach(path -> crowd.put(path, Optional.of(value(random))));
    update(tree, crowd);
    StateTree reopened = StateTree.open(store, tree.root(), TIGHT);
    for (byte[] key : keys(Table.PAGE)) {
      byte[] page = store.get(key).orElseThrow();
      if (page[0] == 3) {
        page[page.length - 1] ^= 1;
        store.write(new Batch().put(key, page), true);
      }
    }
    Digest one = contents.tailMap(Digest.fromHex("07" + "00".repeat(31))).firstKey();
    update(reopened, new TreeMap<>(Map.of(one, Optional.of(ByteString.utf8("new")))));
    assertThat(reopened.root()).isEqualTo(naiveRoot());
  }

  @Test
  void changesThatAreDamagedOrGoneAreComputedFromTheState() {
    Random random = new Random(3);
    StateTree tree = StateTree.empty(store, TreeLimits.DEFAULTS);
    change(tree, random, 3_000);
    change(tree, random, 300);
    List<byte[]> blocks = keys(Table.CHANGED);
    assertThat(blocks).hasSize(2);
    store.write(new Batch().put(blocks.get(0), new byte[3]).delete(blocks.get(1)), true);
    StateTree reopened = StateTree.open(store, tree.root(), TreeLimits.DEFAULTS);
    assertThat(keys(Table.CHANGED)).isEmpty();
    change(reopened, random, 300);
    assertThat(reopened.root()).isEqualTo(naiveRoot());
  }

  /** Deletes of absent keys, and values that were there, cost the store nothing. */
  @Test
  void whatChangesNothingIsNotRemembered() {
    Random random = new Random(3);
    StateTree tree = StateTree.empty(store, TreeLimits.DEFAULTS);
    change(tree, random, 300);
    Digest root = tree.root();
    SortedMap<Digest, Optional<ByteString>> same = new TreeMap<>();
    contents.forEach((path, value) -> same.put(path, Optional.of(value)));
    for (int i = 0; i < 300; i++) {
      same.put(digest(random), Optional.empty());
    }
    update(tree, same);
    assertThat(tree.root()).isEqualTo(root);
    assertThat(store.get(Table.CHANGED.key(height))).hasValue(new byte[0]);
  }

  @Test
  void stateThatIsNotItsRootsIsDamage() {
    Random random = new Random(3);
    StateTree tree = StateTree.empty(store, new TreeLimits(0, 0, 0));
    SortedMap<Digest, Optional<ByteString>> crowd = new TreeMap<>();
    paths(random, 300).forEach(path -> crowd.put(path, Optional.of(value(random))));
    update(tree, crowd);
    Digest path = contents.tailMap(Digest.fromHex("07" + "00".repeat(31))).firstKey();
    store.write(
        new Batch().put(Table.STATE.key(path.bytes()), entry(ByteString.utf8("other"))), true);
    SortedMap<Digest, Optional<ByteString>> all = new TreeMap<>();
    contents.keySet().forEach(each -> all.put(each, Optional.of(ByteString.EMPTY)));
    StateTree reopened = StateTree.open(store, tree.root(), TIGHT);
    assertThatThrownBy(() -> update(reopened, all))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("damaged");
    assertThatThrownBy(() -> StateTree.open(store, Digest.ZERO, TIGHT))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("damaged");
  }

  private void change(StateTree tree, Random random, int count) {
    SortedMap<Digest, Optional<ByteString>> changes = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      changes.put(digest(random), Optional.of(value(random)));
    }
    // Half of what is known, too.
    for (Digest path : contents.keySet()) {
      if (random.nextBoolean()) {
        changes.put(path, Optional.of(value(random)));
      }
    }
    update(tree, changes);
  }

  private void update(StateTree tree, SortedMap<Digest, Optional<ByteString>> changes) {
    Batch batch = new Batch();
    SortedMap<Digest, Optional<Digest>> digests = new TreeMap<>();
    changes.forEach(
        (path, value) -> {
          digests.put(path, value.map(present -> Digest.sha256(present.bytes())));
          byte[] key = Table.STATE.key(path.bytes());
          if (value.isPresent()) {
            contents.put(path, value.get());
            batch.put(key, entry(value.get()));
          } else {
            contents.remove(path);
            batch.delete(key);
          }
        });
    tree.update(digests, ++height, batch);
    store.write(batch, false);
  }

  /** Of whatever key: the tree sees the path alone. */
  private static byte[] entry(ByteString value) {
    return new StateEntry(ByteString.utf8("key"), value).encoded();
  }

  private List<byte[]> keys(Table table) {
    List<byte[]> keys = new ArrayList<>();
    store.scan(
        table.key(),
        (key, value) -> {
          keys.add(key);
          return true;
        });
    return keys;
  }

  private Digest naiveRoot() {
    return naiveRoot(new ArrayList<>(contents.entrySet()), 0);
  }

  /** The definition: leaf, inner node or nothing, one bit of the path at a time. */
  private static Digest naiveRoot(List<Map.Entry<Digest, ByteString>> leaves, int depth) {
    if (leaves.isEmpty()) {
      return Digest.ZERO;
    }
    if (leaves.size() == 1) {
      Map.Entry<Digest, ByteString> leaf = leaves.get(0);
      return Digest.sha256(
          new byte[] {0}, leaf.getKey().bytes(), Digest.sha256(leaf.getValue().bytes()).bytes());
    }
    List<Map.Entry<Digest, ByteString>> left = new ArrayList<>();
    List<Map.Entry<Digest, ByteString>> right = new ArrayList<>();
    for (Map.Entry<Digest, ByteString> leaf : leaves) {
      (leaf.getKey().bit(depth) ? right : left).add(leaf);
    }
    return Digest.sha256(
        new byte[] {1}, naiveRoot(left, depth + 1).bytes(), naiveRoot(right, depth + 1).bytes());
  }

  /** Random paths, of which half share a long beginning with another, and many the first bytes. */
  private static List<Digest> paths(Random random, int count) {
    List<Digest> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] path = digest(random).bytes();
      if (i % 2 == 1) {
        path = paths.get(i - 1).bytes();
        int bit = random.nextInt(256);
        path[bit / 8] ^= (byte) (1 << (bit % 8));
      } else if (i % 4 == 0) {
        path[0] = 7;
        path[1] = (byte) (i % 3);
      }
      paths.add(Digest.of(path));
    }
    return paths;
  }

  private static ByteString value(Random random) {
    return ByteString.of(Arrays.copyOf(digest(random).bytes(), random.nextInt(9)));
  }

  private static Digest digest(Random random) {
    byte[] bytes = new byte[Digest.BYTES];
    random.nextBytes(bytes);
    return Digest.of(bytes);
  }
}
