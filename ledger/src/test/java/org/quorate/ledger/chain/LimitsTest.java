package org.quorate.ledger.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;

/** What cannot be made, in memory or from bytes. */
final class LimitsTest {
  private final TestChain chain = new TestChain();

  @Test
  void keysAndValuesHaveTheirLimits() {
    ByteString longKey = ByteString.of(new byte[257]);
    ByteString longValue = ByteString.of(new byte[65_537]);
    ByteString key = ByteString.utf8("k");
    refused(() -> new Operation.Put(ByteString.EMPTY, key), "1 to 256");
    refused(() -> new Operation.Put(longKey, key), "1 to 256");
    refused(() -> new Operation.Delete(longKey), "1 to 256");
    refused(() -> new Operation.Add(longKey, 1), "1 to 256");
    refused(() -> new Operation.Require(longKey, Optional.empty()), "1 to 256");
    refused(() -> new Operation.Put(key, longValue), "65536");
    refused(() -> new Operation.Require(key, Optional.of(longValue)), "65536");
    refused(() -> new Operation.Data(longValue), "65536");
    byte[] tooLong = new Encoder().u8(3).bytes(new byte[257]).toBytes();
    assertThatThrownBy(() -> Decoder.decode(tooLong, Operation::decode))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("256");
  }

  @Test
  void transactionHasOneTo64OperationsAndANonceFromOne() {
    Operation data = new Operation.Data(ByteString.EMPTY);
    refused(() -> chain.transaction(TestChain.ALICE, 0, data), "at least 1");
    refused(() -> chain.transaction(TestChain.ALICE, 1), "1 to 64");
    Operation[] many = Collections.nCopies(65, data).toArray(Operation[]::new);
    refused(() -> chain.transaction(TestChain.ALICE, 1, many), "1 to 64");
  }

  @Test
  void blockHoldsExactlyTheTransactionsOfItsHeader() {
    List<Transaction> transactions = List.of(chain.put(1, "k", "v"), chain.put(2, "k", "v"));
    Block block = chain.block(chain.spec().genesisHeader(), transactions);
    Digest chainHash = chain.spec().chainHash();
    refused(() -> new Block(chainHash, block.header(), transactions.subList(0, 1)), "counts 2");
    List<Transaction> swapped = List.of(transactions.get(1), transactions.get(0));
    refused(() -> new Block(chainHash, block.header(), swapped), "root");
  }

  @Test
  void executedReceiptHasNoFailedOperation() {
    refused(() -> new Receipt(Digest.ZERO, Receipt.Outcome.EXECUTED, 1), "no failed operation");
    refused(() -> new Receipt(Digest.ZERO, Receipt.Outcome.BELOW_ZERO, 64), "no transaction has");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1048576, 131072, 64, 20, 2000, 10000, 0, block_transactions_max",
    "10001, 1048576, 131072, 64, 20, 2000, 10000, 0, block_transactions_max",
    "1000, 131071, 131072, 64, 20, 2000, 10000, 0, block_bytes_max",
    "1000, 4194305, 131072, 64, 20, 2000, 10000, 0, block_bytes_max",
    "1000, 1048576, 255, 64, 20, 2000, 10000, 0, transaction_bytes_max",
    "1000, 4194304, 1048577, 64, 20, 2000, 10000, 0, transaction_bytes_max",
    "1000, 1048576, 131072, 1, 20, 2000, 10000, 0, window_blocks",
    "1000, 1048576, 131072, 64, -1, 2000, 10000, 0, batch_delay_millis",
    "1000, 1048576, 131072, 64, 20, 9, 10000, 0, view_timeout_millis",
    "1000, 1048576, 131072, 64, 20, 2000, 600001, 0, clock_drift_millis",
    "1000, 1048576, 131072, 64, 20, 2000, 10000, -1, rotation_interval_blocks",
    "1000, 1048576, 131072, 64, 20, 2000, 10000, 1000001, rotation_interval_blocks",
  })
  void parameterOutOfItsRangeIsNamed(
      int count,
      int bytes,
      int transaction,
      int window,
      int delay,
      int timeout,
      int drift,
      int rotation,
      String name) {
    refused(
        () ->
            new ChainParameters(count, bytes, transaction, window, delay, timeout, drift, rotation),
        name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with space", "ümlaut", "a/b"})
  void chainIdOfOtherCharactersIsRefused(String chainId) {
    refused(() -> spec(chainId, new TreeMap<>()), "chain_id");
  }

  @Test
  void initialStateKeepsTheLimitsOfKeysAndValues() {
    TreeMap<ByteString, ByteString> state = new TreeMap<>();
    state.put(ByteString.EMPTY, ByteString.EMPTY);
    refused(() -> spec("chain", state), "1 to 256");
  }

  @Test
  void everyPartOfTheGenesisCountsForTheChainHash() {
    TreeMap<ByteString, ByteString> state = new TreeMap<>(chain.spec().appState());
    assertThat(spec("test-chain", state).chainHash()).isEqualTo(chain.spec().chainHash());
    assertThat(spec("test-chain2", state).chainHash()).isNotEqualTo(chain.spec().chainHash());
    state.put(ByteString.utf8("another"), ByteString.EMPTY);
    assertThat(spec("test-chain", state).chainHash()).isNotEqualTo(chain.spec().chainHash());
    assertThat(new TestChain(5).spec().chainHash()).isNotEqualTo(chain.spec().chainHash());
  }

  private ChainSpec spec(String chainId, SortedMap<ByteString, ByteString> state) {
    return new ChainSpec(
        chainId,
        TestChain.GENESIS_TIME_MILLIS,
        chain.spec().validators(),
        chain.spec().clients(),
        ChainParameters.DEFAULTS,
        state);
  }

  private static void refused(ThrowingCallable making, String why) {
    assertThatThrownBy(making)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
