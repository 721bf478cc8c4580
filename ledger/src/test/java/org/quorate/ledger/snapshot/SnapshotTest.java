package org.quorate.ledger.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.state.StateChunks;
import org.quorate.ledger.state.Subtree;
import org.quorate.ledger.state.TreeLimits;
import org.quorate.ledger.state.WorldState;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;

/** A node begins with the state that another had, and nothing but signatures vouches for it. */
final class SnapshotTest {
  /** Four such values make a state of several chunks. */
  private static final int VALUE_BYTES = 60_000;

  private static final int VALUES = 80;

  private final TestChain chain = new TestChain();
  private final KeyValueStore store = new MemoryStore();
  private Ledger ledger;
  private SnapshotFolder folder;

  @TempDir private Path temp;

  @BeforeEach
  void fourBlocksWithSomeMegabytesOfState() throws LedgerException, IOException {
    ledger = Ledger.open(store, chain.spec());
    for (int height = 1; height <= 4; height++) {
      List<Operation> operations = new ArrayList<>();
      for (int i = 0; i < VALUES / 4; i++) {
        byte[] value = new byte[VALUE_BYTES];
        value[i] = (byte) height;
        operations.add(
            new Operation.Put(ByteString.utf8("key " + height + " " + i), ByteString.of(value)));
      }
      ledger.apply(
          chain.next(
              ledger,
              chain.transaction(TestChain.ALICE, height, operations.toArray(Operation[]::new))));
      ledger.putCheckpointCertificate(chain.certificate(ledger.checkpoint(), 0, 1, 2));
    }
    folder = SnapshotFolder.open(temp.resolve("snapshots"));
  }

  private Manifest create() throws IOException {
    long height = ledger.checkpoint().height();
    return folder.create(
        store,
        chain.spec().chainHash(),
        ledger.header(height).orElseThrow(),
        ledger.checkpointCertificate(height).orElseThrow());
  }

  private Verdict check(Manifest manifest) {
    return manifest.check(chain.spec(), SignatureVerifier.ED25519);
  }

  private byte[] chunk(Manifest manifest, int index) throws IOException, MalformedException {
    return folder.chunk(manifest.height(), index).orElseThrow();
  }

  private Ledger restored(KeyValueStore target, Manifest manifest)
      throws LedgerException, IOException, MalformedException {
    SnapshotRestore restore = SnapshotRestore.begin(target, manifest);
    for (int i = 0; i < manifest.chunks().size(); i++) {
      restore.add(i, chunk(manifest, i));
    }
    restore.finish(chain.spec());
    return Ledger.open(target, chain.spec());
  }

  @Test
  void ledgerMadeOfASnapshotIsThatOfTheOneWhoTookIt() throws Exception {
    Manifest manifest = create();
    assertThat(check(manifest)).isEqualTo(Verdict.valid());
    assertThat(manifest.chunks()).hasSizeBetween(5, 20);

    Ledger begun = restored(LevelDbStore.open(temp.resolve("begun")), manifest);

    assertThat(begun.checkpoint()).isEqualTo(ledger.checkpoint());
    assertThat(begun.tipHeader()).isEqualTo(ledger.tipHeader());
    assertThat(begun.tipCommit()).isEqualTo(ledger.tipCommit());
    assertThat(begun.stableCheckpoint()).isEqualTo(ledger.stableCheckpoint());
    assertThat(begun.replayWindows()).isEqualTo(ledger.replayWindows());
    assertThat(begun.state(ByteString.utf8("key 3 5")))
        .isEqualTo(ledger.state(ByteString.utf8("key 3 5")));
    assertThat(begun.headersFrom()).isEqualTo(4);
    assertThat(begun.transactionsFrom()).isEqualTo(5);
    assertThat(begun.header(4)).isEqualTo(ledger.header(4));
    assertThat(begun.block(4)).isEmpty();
    assertThat(begun.header(3)).isEmpty();
    begun.close();
  }

  @Test
  void bothGoOnAlikeAndProveTheSame() throws Exception {
    Ledger begun = restored(new MemoryStore(), create());
    begun.holdProvenState();
    ledger.holdProvenState();
    for (int height = 5; height <= 8; height++) {
      var block = chain.next(ledger, chain.put(height, "k" + height % 2, "v" + height));
      assertThat(begun.apply(block)).isEqualTo(ledger.apply(block));
      var certificate = chain.certificate(ledger.checkpoint(), 1, 2, 3);
      ledger.putCheckpointCertificate(certificate);
      begun.putCheckpointCertificate(certificate);
    }
    TreeSet<ByteString> keys =
        new TreeSet<>(List.of(ByteString.utf8("k1"), ByteString.utf8("key 2 2")));
    StateProof proof = begun.proof(keys).orElseThrow();
    assertThat(proof).isEqualTo(ledger.proof(keys).orElseThrow());
    assertThat(new LightClient(chain.spec(), SignatureVerifier.ED25519).check(proof).isValid())
        .isTrue();
    assertThat(begun.block(5)).isEqualTo(ledger.block(5));
  }

  @Test
  void certificateOfABlockBeforeTheSnapshotIsNotKept() throws Exception {
    Ledger begun = restored(new MemoryStore(), create());
    begun.putCheckpointCertificate(ledger.checkpointCertificate(3).orElseThrow());
    assertThat(begun.checkpointCertificate(3)).isEmpty();
  }

  @Test
  void ledgerMadeOfASnapshotIsOpenedAgain() throws Exception {
    Path begun = temp.resolve("begun");
    restored(LevelDbStore.open(begun), create()).close();
    try (Ledger again = Ledger.open(LevelDbStore.open(begun), chain.spec())) {
      again.apply(chain.next(again, chain.put(9, "k", "v")));
    }
    try (Ledger again = Ledger.open(LevelDbStore.open(begun), chain.spec())) {
      assertThat(again.checkpoint().height()).isEqualTo(5);
      assertThat(again.block(5)).isPresent();
    }
  }

  @Test
  void equalStatesAreCutAlikeWhateverTheirHistory() throws Exception {
    Manifest first = create();
    KeyValueStore other = new MemoryStore();
    Ledger begun = restored(other, first);
    SnapshotFolder others = SnapshotFolder.open(temp.resolve("others"));
    Manifest second =
        others.create(
            other,
            chain.spec().chainHash(),
            begun.header(4).orElseThrow(),
            chain.certificate(begun.checkpoint(), 1, 2, 3));
    assertThat(second.hasChunksOf(first)).isTrue();
    for (int i = 0; i < first.chunks().size(); i++) {
      assertThat(others.chunk(4, i)).contains(chunk(first, i));
    }
  }

  @Test
  void everyChunkFitsAndOnlyWhatDoesNotIsCut() throws Exception {
    Manifest manifest = create();
    for (int i = 0; i < manifest.chunks().size(); i++) {
      assertThat(chunk(manifest, i).length).isLessThanOrEqualTo(StateChunks.CHUNK_BYTES_MAX);
      if (i > 0) {
        Subtree left = manifest.chunks().get(i - 1);
        Subtree right = manifest.chunks().get(i);
        boolean halves =
            left.depth() == right.depth()
                && !left.beginning().bit(left.depth() - 1)
                && right.beginning().bit(right.depth() - 1)
                && sameBut(left, right);
        if (halves) {
          assertThat(chunk(manifest, i - 1).length + chunk(manifest, i).length - Integer.BYTES)
              .isGreaterThan(StateChunks.CHUNK_BYTES_MAX);
        }
      }
    }
  }

  private static boolean sameBut(Subtree left, Subtree right) {
    for (int bit = 0; bit < left.depth() - 1; bit++) {
      if (left.beginning().bit(bit) != right.beginning().bit(bit)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void emptyStateIsOneChunk() throws Exception {
    List<Subtree> chunks = new ArrayList<>();
    StateChunks.cut(
        new MemoryStore(),
        (subtree, chunk) -> {
          chunks.add(subtree);
          assertThat(chunk).isEqualTo(new byte[4]);
        });
    assertThat(chunks).containsExactly(new Subtree(Digest.ZERO, 0, Digest.ZERO));
    assertThat(StateChunks.root(chunks)).isEqualTo(Digest.ZERO);
  }

  @Test
  void restoringGoesOnAfterACrashWithWhatHasCome() throws Exception {
    Manifest manifest = create();
    Path begun = temp.resolve("begun");
    for (int i = 0; i < manifest.chunks().size(); i++) {
      try (LevelDbStore target = LevelDbStore.open(begun)) {
        SnapshotRestore restore =
            i == 0
                ? SnapshotRestore.begin(target, manifest)
                : SnapshotRestore.resume(target).orElseThrow();
        assertThat(restore.manifest()).isEqualTo(manifest);
        assertThat(restore.count()).isEqualTo(i);
        assertThat(restore.nextMissing(0)).isEqualTo(i);
        assertThatThrownBy(() -> restore.finish(chain.spec()))
            .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Ledger.open(target, chain.spec()))
            .isInstanceOf(LedgerException.class)
            .hasMessageContaining("not all of it has come");
        restore.add(i, chunk(manifest, i));
      }
    }
    LevelDbStore target = LevelDbStore.open(begun);
    SnapshotRestore.resume(target).orElseThrow().finish(chain.spec());
    assertThat(SnapshotRestore.resume(target)).isEmpty();
    try (Ledger whole = Ledger.open(target, chain.spec())) {
      assertThat(whole.checkpoint()).isEqualTo(ledger.checkpoint());
    }
  }

  @Test
  void chunksMayComeInAnyOrder() throws Exception {
    Manifest manifest = create();
    KeyValueStore target = new MemoryStore();
    SnapshotRestore restore = SnapshotRestore.begin(target, manifest);
    for (int i = manifest.chunks().size() - 1; i >= 0; i--) {
      restore.add(i, chunk(manifest, i));
      assertThat(restore.nextMissing(0)).isEqualTo(i == 0 ? manifest.chunks().size() : 0);
    }
    restore.finish(chain.spec());
    assertThat(Ledger.open(target, chain.spec()).checkpoint()).isEqualTo(ledger.checkpoint());
  }

  @Test
  void chunkThatIsNotTheManifestsChangesNothing() throws Exception {
    Manifest manifest = create();
    KeyValueStore target = new MemoryStore();
    SnapshotRestore restore = SnapshotRestore.begin(target, manifest);
    byte[] good = chunk(manifest, 1);
    byte[] turned = good.clone();
    turned[good.length / 2] ^= 1;
    for (byte[] bad : List.of(chunk(manifest, 0), turned, new byte[0], new byte[4])) {
      assertThatThrownBy(() -> restore.add(1, bad)).isInstanceOf(MalformedException.class);
    }
    assertThat(restore.count()).isZero();
    assertThat(SnapshotRestore.resume(target).orElseThrow().count()).isZero();
    restore.add(1, good);
    assertThat(restore.count()).isEqualTo(1);
  }

  @Test
  void entriesOfAChunkStandInOneOrder() throws Exception {
    KeyValueStore two = new MemoryStore();
    TreeMap<ByteString, ByteString> entries = new TreeMap<>();
    entries.put(ByteString.utf8("a"), ByteString.utf8("1"));
    entries.put(ByteString.utf8("b"), ByteString.utf8("2"));
    Batch batch = new Batch();
    WorldState.create(two, entries, TreeLimits.DEFAULTS, batch);
    two.write(batch, true);
    StateChunks.cut(
        two,
        (subtree, chunk) -> {
          byte[] swapped = chunk.clone();
          int half = (chunk.length - 4) / 2;
          System.arraycopy(chunk, 4, swapped, 4 + half, half);
          System.arraycopy(chunk, 4 + half, swapped, 4, half);
          assertThatThrownBy(() -> StateChunks.restore(subtree, swapped, new Batch()))
              .isInstanceOf(MalformedException.class)
              .hasMessageContaining("out of place");
        });
  }

  @Test
  void storeInUseIsNotRestoredInto() throws Exception {
    Manifest manifest = create();
    assertThatThrownBy(() -> SnapshotRestore.begin(store, manifest))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void manifestThatProvesNothingIsRefused() throws Exception {
    Manifest manifest = create();
    CheckpointCertificate weak = chain.certificate(ledger.checkpoint(), 0);
    assertInvalid(
        new Manifest(manifest.chainHash(), manifest.header(), weak, manifest.chunks()),
        Verdict.Fault.TOO_FEW_SIGNERS);
    assertInvalid(
        new Manifest(
            manifest.chainHash(),
            ledger.header(3).orElseThrow(),
            manifest.certificate(),
            manifest.chunks()),
        Verdict.Fault.WRONG_BLOCK);
    assertInvalid(
        new Manifest(Digest.ZERO, manifest.header(), manifest.certificate(), manifest.chunks()),
        Verdict.Fault.WRONG_CHAIN);
    for (List<Subtree> other : otherCuts(manifest.chunks())) {
      assertInvalid(
          new Manifest(manifest.chainHash(), manifest.header(), manifest.certificate(), other),
          Verdict.Fault.WRONG_STATE);
    }
  }

  private static List<List<Subtree>> otherCuts(List<Subtree> chunks) {
    Subtree first = chunks.get(0);
    List<Subtree> swapped = new ArrayList<>(chunks);
    swapped.set(0, chunks.get(1));
    swapped.set(1, first);
    List<Subtree> twice = new ArrayList<>(chunks);
    twice.add(0, first);
    List<Subtree> longer = new ArrayList<>(chunks);
    longer.add(first);
    List<Subtree> deeper = new ArrayList<>(chunks);
    deeper.set(0, new Subtree(first.beginning(), first.depth() + 1, first.root()));
    List<Subtree> forged = new ArrayList<>(chunks);
    forged.set(0, new Subtree(first.beginning(), first.depth(), Digest.ZERO));
    return List.of(
        swapped,
        twice,
        longer,
        deeper,
        forged,
        List.of(),
        chunks.subList(1, chunks.size()),
        chunks.subList(0, chunks.size() - 1));
  }

  private void assertInvalid(Manifest manifest, Verdict.Fault fault) {
    assertThat(check(manifest))
        .isInstanceOfSatisfying(
            Verdict.Invalid.class, invalid -> assertThat(invalid.fault()).isEqualTo(fault));
  }

  @Test
  void newestAreKeptAndHalfMadeOnesAreGone() throws Exception {
    create();
    ledger.apply(chain.next(ledger, chain.put(5, "k", "v")));
    ledger.putCheckpointCertificate(chain.certificate(ledger.checkpoint(), 0, 1, 2));
    create();
    Files.createDirectories(temp.resolve("snapshots").resolve("making"));
    Files.createFile(temp.resolve("snapshots").resolve("making").resolve("0"));
    Path strange = temp.resolve("snapshots").resolve("of the operator").resolve("inner");
    Files.createDirectories(strange);
    folder = SnapshotFolder.open(temp.resolve("snapshots"));
    assertThat(folder.heights()).containsExactly(4L, 5L);
    assertThat(temp.resolve("snapshots").resolve("making")).doesNotExist();
    assertThat(strange).exists();
    folder.keepNewest(1);
    assertThat(folder.heights()).containsExactly(5L);
    assertThat(folder.manifest(4)).isEmpty();
    assertThat(folder.chunk(4, 0)).isEmpty();
    assertThat(folder.bytes(5)).isGreaterThan((long) VALUES * VALUE_BYTES);
    assertThat(folder.bytes(4)).isZero();
  }

  @Test
  void damagedChunkOrManifestIsNotHandedOut() throws Exception {
    Manifest manifest = create();
    Path file = temp.resolve("snapshots").resolve("4").resolve("2");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 3] ^= 4;
    Files.write(file, bytes);
    assertThatThrownBy(() -> folder.chunk(4, 2)).isInstanceOf(MalformedException.class);
    assertThat(folder.chunk(4, 1)).isPresent();
    assertThat(folder.chunk(4, manifest.chunks().size())).isEmpty();
    assertThat(folder.chunk(4, -1)).isEmpty();

    SnapshotFolder again = SnapshotFolder.open(temp.resolve("snapshots"));
    Files.write(temp.resolve("snapshots").resolve("4").resolve("manifest"), new byte[7]);
    assertThatThrownBy(() -> again.manifest(4)).isInstanceOf(MalformedException.class);
  }

  /** Blocks would be dropped for it, and nobody could begin with it. */
  @Test
  void stateThatIsNotTheCheckpointsBecomesNoSnapshot() throws Exception {
    byte[] key = Table.STATE.key(Namespace.APPLICATION.path(ByteString.utf8("key 2 2")).bytes());
    byte[] entry = store.get(key).orElseThrow();
    entry[entry.length - 1] ^= 1;
    store.write(new Batch().put(key, entry), true);
    assertThatThrownBy(this::create)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("its state is not that of 4:");
    assertThat(folder.heights()).isEmpty();
    assertThat(temp.resolve("snapshots").resolve("making")).doesNotExist();
  }

  @Test
  void readingsDuringExecutionDoNotShowInASnapshot() throws Exception {
    try (var moment = store.snapshot()) {
      var header = ledger.header(4).orElseThrow();
      var certificate = ledger.checkpointCertificate(4).orElseThrow();
      ledger.apply(chain.next(ledger, chain.put(5, "key 1 1", "later")));
      Manifest manifest = folder.create(moment, chain.spec().chainHash(), header, certificate);
      assertThat(check(manifest)).isEqualTo(Verdict.valid());
      Ledger begun = restored(new MemoryStore(), manifest);
      assertThat(begun.state(ByteString.utf8("key 1 1")).value().orElseThrow().size())
          .isEqualTo(VALUE_BYTES);
      assertThat(begun.state(ByteString.utf8("missing")).value()).isEqualTo(Optional.empty());
    }
  }
}
