package org.quorate.ledger.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Receipt.Outcome;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.Table;

final class ExecutionTest {
  private final TestChain chain = new TestChain();
  private final MemoryStore store = new MemoryStore();
  private WorldState state;
  private long nonce;
  private long height;

  @BeforeEach
  void begin() {
    Batch batch = new Batch();
    state = WorldState.create(store, new TreeMap<>(), TreeLimits.DEFAULTS, batch);
    store.write(batch, true);
  }

  @Test
  void putSetsAndDeleteRemoves() {
    assertThat(run(put("k", "v"))).isEqualTo(Outcome.EXECUTED);
    assertThat(value("k")).contains("v");
    run(put("k", ""));
    assertThat(value("k")).contains("");
    assertThat(run(delete("k"))).isEqualTo(Outcome.EXECUTED);
    assertThat(value("k")).isEmpty();
    assertThat(run(delete("k"))).isEqualTo(Outcome.EXECUTED);
  }

  @Test
  void requireHoldsForExactlyTheExpectedValue() {
    run(put("k", "v"), put("empty", ""));
    assertThat(run(require("k", "v"))).isEqualTo(Outcome.EXECUTED);
    assertThat(run(require("k", "w"))).isEqualTo(Outcome.REQUIREMENT_FAILED);
    assertThat(run(require("k", ""))).isEqualTo(Outcome.REQUIREMENT_FAILED);
    assertThat(run(requireAbsent("k"))).isEqualTo(Outcome.REQUIREMENT_FAILED);
    assertThat(run(requireAbsent("other"))).isEqualTo(Outcome.EXECUTED);
    assertThat(run(require("other", ""))).isEqualTo(Outcome.REQUIREMENT_FAILED);
    assertThat(run(require("empty", ""))).isEqualTo(Outcome.EXECUTED);
    assertThat(run(requireAbsent("empty"))).isEqualTo(Outcome.REQUIREMENT_FAILED);
  }

  @Test
  void dataChangesNothing() {
    Digest before = state.root();
    Transaction data = transaction(new Operation.Data(ByteString.utf8("anything")));
    assertThat(execute(data)).containsExactly(new Receipt(data.hash(), Outcome.EXECUTED, 0));
    // But the nonce is used, and that is part of the state.
    assertThat(state.root()).isNotEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    ", 0, EXECUTED, 0",
    ", 5, EXECUTED, 5",
    ", -1, BELOW_ZERO,",
    "0, 0, EXECUTED, 0",
    "7, -7, EXECUTED, 0",
    "7, -8, BELOW_ZERO, 7",
    "9, 1, EXECUTED, 10",
    "9223372036854775807, 0, EXECUTED, 9223372036854775807",
    "9223372036854775807, 1, OVERFLOW, 9223372036854775807",
    "1, 9223372036854775807, OVERFLOW, 1",
    "0, 9223372036854775807, EXECUTED, 9223372036854775807",
    "9223372036854775807, -9223372036854775807, EXECUTED, 0",
    "9223372036854775807, -9223372036854775808, BELOW_ZERO, 9223372036854775807",
    "9223372036854775808, -1, NOT_AN_INTEGER, 9223372036854775808",
  })
  void addMovesAnIntegerWithinItsRange(String before, long delta, Outcome outcome, String after) {
    if (before != null) {
      run(put("k", before));
    }
    assertThat(run(add("k", delta))).isEqualTo(outcome);
    assertThat(value("k")).isEqualTo(Optional.ofNullable(after));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "01", "00", "-1", "-0", "+1", "1 ", " 1", "1\n", "1.0", "1e3", "٣", "x"})
  void addRefusesWhatIsNotAnIntegerInItsOneSpelling(String before) {
    run(put("k", before));
    assertThat(run(add("k", 1))).isEqualTo(Outcome.NOT_AN_INTEGER);
    assertThat(value("k")).contains(before);
  }

  @Test
  void twoAddsAreATransfer() {
    run(put("a", "10"), put("b", "1"));
    assertThat(run(add("a", -4), add("b", 4))).isEqualTo(Outcome.EXECUTED);
    assertThat(value("a")).contains("6");
    assertThat(value("b")).contains("5");
    assertThat(run(add("b", 7), add("a", -7))).isEqualTo(Outcome.BELOW_ZERO);
    assertThat(value("a")).contains("6");
    assertThat(value("b")).contains("5");
  }

  @Test
  void operationsSeeThoseBeforeThem() {
    assertThat(
            run(
                put("k", "1"),
                require("k", "1"),
                add("k", 1),
                require("k", "2"),
                delete("k"),
                requireAbsent("k"),
                add("k", 3)))
        .isEqualTo(Outcome.EXECUTED);
    assertThat(value("k")).contains("3");
  }

  @Test
  void transactionsOfABlockSeeThoseBeforeThem() {
    Transaction first = transaction(put("k", "1"));
    Transaction failing = transaction(put("k", "9"), require("k", "1"));
    Transaction last = transaction(require("k", "1"), put("l", "2"));
    assertThat(execute(first, failing, last))
        .containsExactly(
            new Receipt(first.hash(), Outcome.EXECUTED, 0),
            new Receipt(failing.hash(), Outcome.REQUIREMENT_FAILED, 1),
            new Receipt(last.hash(), Outcome.EXECUTED, 0));
    assertThat(value("k")).contains("1");
    assertThat(value("l")).contains("2");
  }

  @Test
  void failedTransactionLeavesNothingButItsReceiptAndItsNonce() {
    run(put("keep", "1"), put("gone", "1"));
    Transaction failing =
        transaction(
            put("keep", "2"), delete("gone"), put("new", "1"), add("count", 1), add("count", -2));
    assertThat(execute(failing))
        .containsExactly(new Receipt(failing.hash(), Outcome.BELOW_ZERO, 4));
    assertThat(value("keep")).contains("1");
    assertThat(value("gone")).contains("1");
    assertThat(value("new")).isEmpty();
    assertThat(value("count")).isEmpty();
    assertThatThrownBy(() -> execute(failing)).isInstanceOf(AssertionError.class);
  }

  @Test
  void keysOfTransactionsDoNotReachTheReplayWindows() {
    run(put("a", "b"));
    ReplayWindow window = WorldState.replayWindow(store, TestChain.ALICE.publicKey());
    assertThat(window).isEqualTo(ReplayWindow.EMPTY.with(1));
    // The namespaced key of alice's window, as a transaction might try to name it.
    byte[] reserved = Namespace.REPLAY_WINDOWS.key(TestChain.ALICE.publicKey().bytes()).bytes();
    execute(transaction(new Operation.Put(ByteString.of(reserved), ByteString.EMPTY)));
    assertThat(WorldState.replayWindow(store, TestChain.ALICE.publicKey()))
        .isEqualTo(window.with(2));
  }

  /** The state after random blocks must be that of all its entries put into a new tree. */
  @Test
  void rootCoversEveryEntry() {
    Random random = new Random(4);
    for (int block = 0; block < 40; block++) {
      List<Transaction> transactions = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        String key = "k" + random.nextInt(20);
        transactions.add(
            switch (random.nextInt(4)) {
              case 0 -> transaction(delete(key));
              case 1 -> transaction(add(key, random.nextInt(5) - 2));
              case 2 -> transaction(put(key, "" + random.nextInt(3)), requireAbsent("k1"));
              default -> transaction(put(key, "" + random.nextInt(3)));
            });
      }
      execute(transactions.toArray(Transaction[]::new));
      TreeMap<Digest, Optional<Digest>> leaves = new TreeMap<>();
      store.scan(
          new byte[] {'s'},
          (key, value) -> {
            StateEntry entry = entry(value);
            Digest path = Digest.sha256(entry.key().bytes());
            assertThat(key).isEqualTo(Table.STATE.key(path.bytes()));
            leaves.put(path, Optional.of(Digest.sha256(entry.value().bytes())));
            return true;
          });
      StateTree tree = StateTree.empty(new MemoryStore(), TreeLimits.DEFAULTS);
      assertThat(tree.update(leaves, 0, new Batch())).isEqualTo(state.root());
      if (block % 7 == 0) {
        state = WorldState.open(store, chain.spec().clients(), TreeLimits.DEFAULTS, state.root());
      }
    }
  }

  private static StateEntry entry(byte[] value) {
    try {
      return Decoder.decode(value, StateEntry::decode);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private Outcome run(Operation... operations) {
    return execute(transaction(operations)).get(0).outcome();
  }

  private List<Receipt> execute(Transaction... transactions) {
    Batch batch = new Batch();
    List<Receipt> receipts = state.execute(List.of(transactions), ++height, batch);
    store.write(batch, true);
    return receipts;
  }

  private Transaction transaction(Operation... operations) {
    return chain.transaction(TestChain.ALICE, ++nonce, operations);
  }

  private Optional<String> value(String key) {
    return WorldState.value(store, ByteString.utf8(key))
        .map(value -> new String(value.bytes(), UTF_8));
  }

  private static Operation put(String key, String value) {
    return new Operation.Put(ByteString.utf8(key), ByteString.utf8(value));
  }

  private static Operation delete(String key) {
    return new Operation.Delete(ByteString.utf8(key));
  }

  private static Operation add(String key, long delta) {
    return new Operation.Add(ByteString.utf8(key), delta);
  }

  private static Operation require(String key, String value) {
    return new Operation.Require(ByteString.utf8(key), Optional.of(ByteString.utf8(value)));
  }

  private static Operation requireAbsent(String key) {
    return new Operation.Require(ByteString.utf8(key), Optional.empty());
  }
}
