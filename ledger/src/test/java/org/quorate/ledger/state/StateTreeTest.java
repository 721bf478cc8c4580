package org.quorate.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hasher;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

final class StateTreeTest {
  private final MemoryStore store = new MemoryStore();

  /** Random changes, in batches, must lead to the root and the pages of a tree built at once. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void treeIsThatOfItsContentsAndNotOfItsHistory(long seed) {
    Random random = new Random(seed);
    List<Digest> paths = paths(random, 80);
    SortedMap<Digest, Digest> contents = new TreeMap<>();
    StateTree tree = StateTree.empty(store);
    for (int round = 0; round < 150; round++) {
      SortedMap<Digest, Optional<Digest>> changes = new TreeMap<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        Digest path = paths.get(random.nextInt(paths.size()));
        boolean remove = random.nextInt(100) < (round % 50 < 25 ? 30 : 80);
        changes.put(path, remove ? Optional.empty() : Optional.of(digest(random)));
      }
      update(tree, changes);
      changes.forEach(
          (path, value) ->
              value.ifPresentOrElse(v -> contents.put(path, v), () -> contents.remove(path)));

      assertThat(tree.root()).isEqualTo(naiveRoot(new ArrayList<>(contents.entrySet()), 0));
      assertThat(pages(store)).isEqualTo(pages(builtAtOnce(contents)));
      if (random.nextInt(4) == 0) {
        tree = StateTree.open(store, tree.root());
      }
    }
  }

  @Test
  void emptyTreeHasTheZeroRootAgain() {
    StateTree tree = StateTree.empty(store);
    assertThat(tree.root()).isEqualTo(Digest.ZERO);
    Digest path = Digest.sha256();
    update(tree, new TreeMap<>(Map.of(path, Optional.of(Digest.ZERO))));
    assertThat(tree.root())
        .isEqualTo(Digest.sha256(new byte[] {0}, path.bytes(), Digest.ZERO.bytes()));
    update(tree, new TreeMap<>(Map.of(path, Optional.empty())));
    assertThat(tree.root()).isEqualTo(Digest.ZERO);
  }

  @Test
  void treeLargerThanItsMemoryIsReadBackAsNeeded() {
    Random random = new Random(9);
    SortedMap<Digest, Digest> contents = new TreeMap<>();
    SortedMap<Digest, Optional<Digest>> changes = new TreeMap<>();
    for (int i = 0; i < 6 * StateTree.PAGES_MAX; i++) {
      Digest path = digest(random);
      contents.put(path, path);
      changes.put(path, Optional.of(path));
    }
    StateTree tree = StateTree.empty(store);
    update(tree, changes);
    for (Digest path : new ArrayList<>(contents.keySet()).subList(0, 20_000)) {
      contents.remove(path);
      changes.put(path, Optional.empty());
    }
    update(tree, changes);
    assertThat(tree.root()).isEqualTo(naiveRoot(new ArrayList<>(contents.entrySet()), 0));
  }

  /** The grammar of FORMAT.md, section 10. */
  @Test
  void storedPageHasTheFormOfTheFormatPage() throws MalformedException {
    String form = "0002" + "8000" + "11".repeat(32) + "22".repeat(32) + "33".repeat(32);
    Hasher hasher = new Hasher();
    Page page = new Page(Page.SLOTS);
    page.replace(
        1, Subtree.leaf(Digest.fromHex("11".repeat(32)), Digest.fromHex("22".repeat(32)), hasher));
    page.replace(15, new Subtree.Inner(Digest.fromHex("33".repeat(32))));
    assertThat(Hex.encode(page.encoded())).isEqualTo(form);
    Page read = Decoder.decode(Hex.decode(form), in -> Page.decode(in, hasher));
    assertThat(read.root()).isEqualTo(page.fold(hasher));
  }

  @Test
  void pageThatIsNotItsParentsIsDamage() {
    Random random = new Random(3);
    StateTree tree = StateTree.empty(store);
    List<Digest> paths = paths(random, 60);
    SortedMap<Digest, Optional<Digest>> changes = new TreeMap<>();
    paths.forEach(path -> changes.put(path, Optional.of(path)));
    update(tree, changes);
    byte[] damaged =
        pages(store).keySet().stream()
            .filter(key -> key.startsWith("6e"))
            .findFirst()
            .map(Hex::decode)
            .orElseThrow();
    byte[] page = store.get(damaged).orElseThrow();
    page[page.length - 1] ^= 1;
    store.write(new Batch().put(damaged, page), true);

    StateTree reopened = StateTree.open(store, tree.root());
    assertThatThrownBy(() -> update(reopened, changes))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("damaged");
    assertThatThrownBy(() -> StateTree.open(store, Digest.ZERO))
        .isInstanceOf(StorageException.class);
  }

  private void update(StateTree tree, SortedMap<Digest, Optional<Digest>> changes) {
    Batch batch = new Batch();
    tree.update(changes, batch);
    store.write(batch, false);
  }

  private static MemoryStore builtAtOnce(SortedMap<Digest, Digest> contents) {
    MemoryStore store = new MemoryStore();
    SortedMap<Digest, Optional<Digest>> changes = new TreeMap<>();
    contents.forEach((path, value) -> changes.put(path, Optional.of(value)));
    Batch batch = new Batch();
    StateTree.empty(store).update(changes, batch);
    store.write(batch, false);
    return store;
  }

  /** All that is stored of a tree. */
  private static SortedMap<String, String> pages(MemoryStore store) {
    SortedMap<String, String> pages = new TreeMap<>();
    for (Table table : new Table[] {Table.SUBTREE, Table.PAGE}) {
      store.scan(
          table.key(),
          (key, value) -> {
            pages.put(Hex.encode(key), Hex.encode(value));
            return true;
          });
    }
    return pages;
  }

  /** The definition: leaf, inner node or nothing, one bit of the path at a time. */
  private static Digest naiveRoot(List<Map.Entry<Digest, Digest>> leaves, int depth) {
    if (leaves.isEmpty()) {
      return Digest.ZERO;
    }
    if (leaves.size() == 1) {
      Map.Entry<Digest, Digest> leaf = leaves.get(0);
      return Digest.sha256(new byte[] {0}, leaf.getKey().bytes(), leaf.getValue().bytes());
    }
    List<Map.Entry<Digest, Digest>> left = new ArrayList<>();
    List<Map.Entry<Digest, Digest>> right = new ArrayList<>();
    for (Map.Entry<Digest, Digest> leaf : leaves) {
      boolean bit = (leaf.getKey().bytes()[depth / 8] >>> (7 - depth % 8) & 1) == 1;
      (bit ? right : left).add(leaf);
    }
    return Digest.sha256(
        new byte[] {1}, naiveRoot(left, depth + 1).bytes(), naiveRoot(right, depth + 1).bytes());
  }

  /** Random paths, of which half share a long beginning with another, and half the first bytes. */
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
        path[1] = (byte) (i % 8);
      }
      paths.add(Digest.of(path));
    }
    return paths;
  }

  private static Digest digest(Random random) {
    byte[] bytes = new byte[Digest.BYTES];
    random.nextBytes(bytes);
    return Digest.of(bytes);
  }
}
