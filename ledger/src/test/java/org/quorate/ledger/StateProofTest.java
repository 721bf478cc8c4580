package org.quorate.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.StatePath;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.MemoryStore;

/** What a ledger proves of its state, and what a light client takes for it. */
final class StateProofTest {
  private final TestChain chain = new TestChain();
  private final LightClient client = new LightClient(chain.spec(), SignatureVerifier.ED25519);
  private Ledger ledger;
  private long nonce;

  @BeforeEach
  void open() throws LedgerException {
    ledger = Ledger.open(new MemoryStore(), chain.spec());
    ledger.holdProvenState();
  }

  @Test
  void valueAndAbsenceAreProven() {
    execute(put("k", "v"));
    certify();
    assertValue("k", Optional.of("v"));
    assertValue("greeting", Optional.of("hello"));
    assertValue("no such key", Optional.empty());
  }

  @Test
  void manyKeysAreProvenAtOnce() {
    execute(many("a", 40));
    execute(many("b", 40));
    certify();
    TreeSet<ByteString> keys = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      keys.add(utf8("a" + i));
    }
    StateProof proof = ledger.proof(keys).orElseThrow();
    assertThat(client.check(proof)).isEqualTo(Verdict.valid());
    for (int i = 0; i < 60; i++) {
      assertThat(proof.values().get(utf8("a" + i)))
          .isEqualTo(i < 40 ? Optional.of(utf8("" + i)) : Optional.empty());
    }
  }

  /** The proof is of the last block whose result is proven, whatever was executed since. */
  @Test
  void proofStaysAtTheProvenBlockUntilTheNextIsProven() {
    assertThat(ledger.proof(keys("k"))).isEmpty();
    execute(put("k", "1"));
    assertThat(ledger.proof(keys("k"))).isEmpty();
    certify();
    execute(put("k", "2"));
    execute(put("k", "3"), put("l", "3"));
    assertValue("k", Optional.of("1"));
    assertValue("l", Optional.empty());
    assertThat(ledger.proof(keys("k")).orElseThrow().header().height()).isEqualTo(1);
    certify();
    assertValue("k", Optional.of("3"));
    assertValue("l", Optional.of("3"));
  }

  /** A certificate may come before the block is executed here. */
  @Test
  void certificateThatCameFirstCountsWhenTheBlockIsExecuted() throws LedgerException {
    Ledger other = Ledger.open(new MemoryStore(), chain.spec());
    ledger.putCheckpointCertificate(
        chain.certificate(other.apply(chain.next(other, put("k", "v"))).checkpoint(), 0, 1));
    nonce = 0;
    execute(put("k", "v"));
    assertValue("k", Optional.of("v"));
  }

  @Test
  void proofIsThereAgainAfterARestart(@TempDir Path folder) throws LedgerException {
    try (Ledger first = Ledger.open(LevelDbStore.open(folder), chain.spec())) {
      ledger = first;
      execute(put("k", "v"));
      certify();
    }
    try (Ledger again = Ledger.open(LevelDbStore.open(folder), chain.spec())) {
      ledger = again;
      assertThat(ledger.proof(keys("k"))).isEmpty();
      ledger.holdProvenState();
      assertValue("k", Optional.of("v"));
    }
  }

  /** More blocks without a certificate than are held: the oldest stay, and the last. */
  @Test
  void provenStateGoesOnWhereCertificatesAreFarBehind() {
    int blocks = 3 * ProvenStates.WAITING_MAX;
    for (int i = 1; i <= blocks; i++) {
      execute(put("k", "" + i));
    }
    for (int height = 1; height < ProvenStates.WAITING_MAX; height++) {
      certify(height);
      assertValue("k", Optional.of("" + height));
    }
    certify(ProvenStates.WAITING_MAX); // not held any more
    assertValue("k", Optional.of("" + (ProvenStates.WAITING_MAX - 1)));
    certify(blocks);
    assertValue("k", Optional.of("" + blocks));
  }

  @Test
  void statesOfManyChangesAreHeldInSmallerNumber() {
    for (int i = 0; i < 4; i++) {
      List<Transaction> transactions = new ArrayList<>();
      for (int k = 0; k < ProvenStates.CHANGES_MAX / 160; k++) {
        transactions.add(many("t" + k + "/", 64));
      }
      execute(transactions.toArray(Transaction[]::new));
    }
    certify(1);
    assertThat(ledger.proof(keys("k")).orElseThrow().header().height()).isEqualTo(1);
    certify(2);
    assertThat(ledger.proof(keys("k")).orElseThrow().header().height()).isEqualTo(1);
    certify(4);
    assertThat(ledger.proof(keys("k")).orElseThrow().header().height()).isEqualTo(4);
  }

  @Test
  void provenStateThatIsTooFarBehindIsGivenUp() {
    execute(put("k", "0"));
    certify();
    for (int i = 0; i <= ProvenStates.BLOCKS_BEHIND_MAX; i++) {
      assertThat(ledger.proof(keys("k"))).isPresent();
      execute(put("k", "" + i));
    }
    assertThat(ledger.proof(keys("k"))).isEmpty();
    certify();
    assertValue("k", Optional.of("" + ProvenStates.BLOCKS_BEHIND_MAX));
  }

  @Test
  void otherValueIsRefused() {
    StateProof good = good();
    assertFault(with(good, "k", Optional.of("w")), Verdict.Fault.WRONG_STATE);
    assertFault(with(good, "k", Optional.empty()), Verdict.Fault.WRONG_STATE);
    assertFault(with(good, "absent", Optional.of("v")), Verdict.Fault.WRONG_STATE);
    assertFault(with(good, "another absent", Optional.empty()), Verdict.Fault.WRONG_STATE);
  }

  @Test
  void stateRootOfTooFewOrOfAnotherBlockIsRefused() {
    StateProof good = good();
    CheckpointCertificate few = chain.certificate(good.checkpointCertificate().checkpoint(), 2);
    assertFault(with(good, few), Verdict.Fault.TOO_FEW_SIGNERS);
    execute(put("k", "later"));
    CheckpointCertificate later = chain.certificate(ledger.checkpoint(), 0, 1, 2);
    assertFault(with(good, later), Verdict.Fault.WRONG_BLOCK);
  }

  @Test
  void noBitOfTheStatePathCanChange() {
    StateProof good = good();
    byte[] path = good.path().bytes();
    for (int bit = 0; bit < 8 * path.length; bit++) {
      byte[] changed = path.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(client.check(with(good, changed)).isValid()).as("bit %d", bit).isFalse();
    }
    assertThat(client.check(with(good, Arrays.copyOf(path, path.length - 1))).isValid()).isFalse();
    assertThat(client.check(with(good, Arrays.copyOf(path, path.length + 1))).isValid()).isFalse();
  }

  /** Whoever can choose the tree can still not show one thing as another. */
  @Test
  void leafIsNotTakenForAnotherPlaceOrKind() throws MalformedException {
    Digest path = Namespace.APPLICATION.path(utf8("k"));
    Digest value = Digest.sha256();
    TreeMap<Digest, Optional<Digest>> present = new TreeMap<>();
    present.put(path, Optional.of(value));
    TreeMap<Digest, Optional<Digest>> absent = new TreeMap<>();
    absent.put(path, Optional.empty());
    assertThat(StatePath.root(bytes("02"), present))
        .isEqualTo(Digest.sha256(new byte[] {0}, path.bytes(), value.bytes()));
    assertThat(StatePath.root(bytes("00"), absent)).isEqualTo(Digest.ZERO);
    assertNotShown("00", present);
    assertNotShown("02", absent);
    assertNotShown("01" + path + value, absent); // its own leaf as another's
    assertNotShown("01" + path + value, present);
    String zeros = "00".repeat(32);
    String other = path.bit(0) ? "00".repeat(32) : "ff".repeat(32);
    String inner = path.bit(0) ? "03" + zeros + "%s" : "03%s" + zeros;
    assertNotShown(inner.formatted("01" + other + value), absent); // a leaf of the other half
    assertNotShown("04", present);
    assertNotShown("", present);
    assertNotShown("0200", present);
    assertNotShown("03".repeat(300), present);
    StringBuilder deep = new StringBuilder();
    for (int depth = 0; depth < 257; depth++) {
      deep.append(depth < 256 && path.bit(depth) ? "03" + zeros : "03");
    }
    assertNotShown(deep.toString(), present);
  }

  private static void assertNotShown(String hex, SortedMap<Digest, Optional<Digest>> values) {
    assertThatThrownBy(() -> StatePath.root(bytes(hex), values))
        .isInstanceOf(MalformedException.class);
  }

  /** Each block writes its own height; every proof must be of one block, and hold. */
  @Test
  void proofsHoldWhileBlocksAreExecuted(@TempDir Path folder)
      throws LedgerException, InterruptedException, ExecutionException {
    ExecutorService readers = Executors.newFixedThreadPool(2);
    AtomicBoolean done = new AtomicBoolean();
    try (Ledger onDisk = Ledger.open(LevelDbStore.open(folder), chain.spec())) {
      ledger = onDisk;
      ledger.holdProvenState();
      execute(put("height", "1"));
      certify();
      List<Future<Long>> proofs = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        proofs.add(readers.submit(() -> proveUntil(done, onDisk)));
      }
      for (int height = 2; height <= 200; height++) {
        execute(put("height", "" + height), put("k" + height, "v"));
        if (height % 3 == 0) {
          certify();
        }
      }
      done.set(true);
      for (Future<Long> proof : proofs) {
        assertThat(proof.get()).isPositive();
      }
    } finally {
      readers.shutdown();
    }
  }

  private long proveUntil(AtomicBoolean done, Ledger onDisk) {
    long count = 0;
    do {
      StateProof proof = onDisk.proof(keys("height", "k" + count)).orElseThrow();
      assertThat(client.check(proof)).isEqualTo(Verdict.valid());
      assertThat(proof.values().get(utf8("height"))).contains(utf8("" + proof.header().height()));
      count++;
    } while (!done.get());
    return count;
  }

  private StateProof good() {
    execute(put("k", "v"), put("l", "w"));
    certify();
    StateProof good = ledger.proof(keys("k", "absent")).orElseThrow();
    assertThat(client.check(good)).isEqualTo(Verdict.valid());
    return good;
  }

  private void assertValue(String key, Optional<String> value) {
    StateProof proof = ledger.proof(keys(key)).orElseThrow();
    assertThat(client.check(proof)).isEqualTo(Verdict.valid());
    assertThat(proof.values().get(utf8(key))).isEqualTo(value.map(StateProofTest::utf8));
  }

  private void assertFault(StateProof proof, Verdict.Fault fault) {
    assertThat(client.check(proof))
        .isInstanceOfSatisfying(
            Verdict.Invalid.class, invalid -> assertThat(invalid.fault()).isEqualTo(fault));
  }

  private static StateProof with(StateProof good, String key, Optional<String> value) {
    TreeMap<ByteString, Optional<ByteString>> values = new TreeMap<>(good.values());
    values.put(utf8(key), value.map(StateProofTest::utf8));
    return new StateProof(
        good.chainHash(),
        good.header(),
        good.commit(),
        good.checkpointCertificate(),
        values,
        good.path());
  }

  private static StateProof with(StateProof good, CheckpointCertificate certificate) {
    return new StateProof(
        good.chainHash(), good.header(), good.commit(), certificate, good.values(), good.path());
  }

  private static StateProof with(StateProof good, byte[] path) {
    return new StateProof(
        good.chainHash(),
        good.header(),
        good.commit(),
        good.checkpointCertificate(),
        good.values(),
        ByteString.of(path));
  }

  private void execute(Transaction... transactions) {
    ledger.apply(chain.next(ledger, transactions));
  }

  private void certify(long height) {
    ledger.putCheckpointCertificate(
        chain.certificate(ledger.checkpoint(height).orElseThrow(), 0, 1));
  }

  private void certify() {
    ledger.putCheckpointCertificate(chain.certificate(ledger.checkpoint(), 0, 1));
  }

  private Transaction put(String key, String value) {
    return chain.put(++nonce, key, value);
  }

  private Transaction many(String prefix, int count) {
    Operation[] operations = new Operation[count];
    for (int i = 0; i < count; i++) {
      operations[i] = new Operation.Put(utf8(prefix + i), utf8("" + i));
    }
    return chain.transaction(TestChain.ALICE, ++nonce, operations);
  }

  private static SortedSet<ByteString> keys(String... keys) {
    TreeSet<ByteString> all = new TreeSet<>();
    Arrays.stream(keys).map(StateProofTest::utf8).forEach(all::add);
    return all;
  }

  private static ByteString utf8(String text) {
    return ByteString.utf8(text);
  }

  private static ByteString bytes(String hex) {
    return ByteString.of(Hex.decode(hex));
  }
}
