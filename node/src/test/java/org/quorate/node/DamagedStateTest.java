package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.genesis.StorageOptions;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.BitFlips;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.Table;

/**
 * Bits flip on the disk of a node in what no peer can give back: it makes its ledger anew when it
 * starts.
 */
@Timeout(180)
final class DamagedStateTest {
  private static final int DAMAGED = 2;
  private static final int BLOCKS = 30;

  private static final String KEY = "counter";
  private static final String STATE = "/api/v1/state/" + KEY;
  private static final byte[] STATE_KEY =
      Table.STATE.key(Namespace.APPLICATION.path(ByteString.utf8(KEY)).bytes());

  @TempDir private Path folder;
  private TestNetwork network;

  private void start(int n) throws Exception {
    network = new TestNetwork(folder, n);
    network.startAll();
    submit(new Operation.Add(ByteString.utf8(KEY), 41));
    while (ledger(0).checkpoint().height() < BLOCKS) {
      submit(new Operation.Put(ByteString.utf8("other"), ByteString.utf8("v")));
    }
  }

  @AfterEach
  void stop() {
    network.close();
  }

  private void submit(Operation operation) throws Exception {
    Transaction transaction = network.transaction(operation);
    assertThat(network.submit(0, transaction, "?wait=executed").statusCode()).isEqualTo(200);
  }

  private Ledger ledger(int index) {
    return network.node(index).ledger();
  }

  private Path data(int index) {
    return network.config(index).dataDir();
  }

  /** Ends the node; LevelDB makes tables of its log when it opens it the next time. */
  private Path stopped(int index) {
    await().atMost(TestNetwork.PATIENCE).until(() -> ledger(index).checkpoint().height() >= BLOCKS);
    network.stop(index);
    Path ledger = data(index).resolve("ledger");
    LevelDbStore.open(ledger).close();
    return ledger;
  }

  private static byte[] entry(Path ledger, byte[] key) {
    try (LevelDbStore store = LevelDbStore.open(ledger)) {
      return store.get(key).orElseThrow();
    }
  }

  /**
   * Starts a node anew, and then flips a bit wherever the state has the value of {@link #KEY}.
   * Before, it would see that at once: it looks up what was changed last.
   */
  private Node startedAndDamaged() throws Exception {
    Path ledger = stopped(DAMAGED);
    byte[] entry = entry(ledger, STATE_KEY);
    Node node = network.startAsItIs(DAMAGED);
    network.awaitReady(DAMAGED);
    BitFlips.flip(ledger, entry);
    return node;
  }

  private void assertSoundAndGoesOn() throws Exception {
    network.awaitReady(DAMAGED);
    assertThat(network.metric(DAMAGED, "quorate_damage_found_total")).isPositive();
    assertThat(network.get(DAMAGED, STATE).body()).isEqualTo(network.get(0, STATE).body());
    network.stop(1); // now the others need it
    submit(new Operation.Add(ByteString.utf8(KEY), 1));
    network.awaitExecuted(network.submitMany(3));
    network.assertSameChain();
    assertThat(data(DAMAGED).resolve("DAMAGED")).doesNotExist();
    assertThat(data(DAMAGED).resolve("set-aside")).isDirectoryContaining("glob:**/MANIFEST-*");
  }

  @Test
  void valueThatCannotBeReadIsNotServedAndComesBackWithTheNextStart() throws Exception {
    start(4);
    startedAndDamaged();
    assertThat(network.get(DAMAGED, STATE).statusCode()).isEqualTo(503);
    assertThat(data(DAMAGED).resolve("DAMAGED")).exists();
    network.awaitReady(DAMAGED);

    network.stop(DAMAGED);
    network.startAsItIs(DAMAGED);
    assertSoundAndGoesOn();
  }

  @Test
  void damagedValueThatNobodyReadsIsFound() throws Exception {
    start(4);
    network.keep(new StorageOptions(192, 0, 2, 0, 1, true));
    startedAndDamaged();
    await()
        .atMost(TestNetwork.PATIENCE)
        .until(() -> Files.exists(data(DAMAGED).resolve("DAMAGED")));
    network.stop(DAMAGED);
    network.startAsItIs(DAMAGED);
    assertSoundAndGoesOn();
  }

  @Test
  void nodeThatMeetsItWhileExecutingEndsAndIsSoundWhenItStartsAgain() throws Exception {
    start(4);
    Node damaged = startedAndDamaged();
    submit(new Operation.Add(ByteString.utf8(KEY), 1));
    assertThat(damaged.awaitEnd()).isEqualTo(1);
    assertThat(damaged.startingAgainRepairs()).as("it holds its folder").isFalse();
    network.stop(DAMAGED);
    assertThat(damaged.startingAgainRepairs()).isTrue();

    network.startAsItIs(DAMAGED);
    assertSoundAndGoesOn();
  }

  @Test
  void ledgerThatCannotBeOpenedIsMadeAnew() throws Exception {
    start(4);
    BitFlips.flipIndexes(stopped(DAMAGED));
    network.startAsItIs(DAMAGED);
    assertSoundAndGoesOn();
  }

  @Test
  void ledgerWhoseStateCannotBeReadWhenItIsOpenedIsMadeAnew() throws Exception {
    start(4);
    Path ledger = stopped(DAMAGED);
    BitFlips.flip(ledger, entry(ledger, STATE_KEY));
    network.startAsItIs(DAMAGED);
    assertSoundAndGoesOn();
  }

  /** As a node does that has met damage, and stops or is stopped. */
  private void mark() throws Exception {
    Files.writeString(data(DAMAGED).resolve("DAMAGED"), "a checksum\n");
  }

  private void assertNothingMadeAnew(int index) {
    assertThat(data(index).resolve("repairing")).doesNotExist();
    assertThat(data(index).resolve("set-aside")).doesNotExist();
  }

  /** Ends the node; then one of its last blocks cannot be read. Tells its height. */
  private long stoppedWithoutABlock(int index) throws Exception {
    for (int i = 0; i < 4; i++) { // no two of which share a checksum with a third
      submit(new Operation.Put(ByteString.utf8("large"), ByteString.utf8("v".repeat(3_000))));
    }
    long last = ledger(0).checkpoint().height();
    await().atMost(TestNetwork.PATIENCE).until(() -> ledger(index).checkpoint().height() == last);
    Path ledger = stopped(index);
    BitFlips.flip(ledger, entry(ledger, Table.TRANSACTIONS.key(last - 2)));
    return last;
  }

  @Test
  void ledgerThatCanBeOpenedButWouldEndEarlierIsUsedAsItIs() throws Exception {
    start(4);
    long last = stoppedWithoutABlock(DAMAGED);
    mark();
    network.startAsItIs(DAMAGED);
    assertThat(ledger(DAMAGED).checkpoint().height()).isEqualTo(last);
    assertNothingMadeAnew(DAMAGED);
    assertThat(data(DAMAGED).resolve("DAMAGED")).as("until it is met again").doesNotExist();
  }

  @Test
  void ledgerThatCannotBeOpenedIsMadeAnewThoughItEndsEarlier() throws Exception {
    start(4);
    stoppedWithoutABlock(DAMAGED);
    Path ledger = data(DAMAGED).resolve("ledger");
    BitFlips.flip(ledger, entry(ledger, STATE_KEY));
    network.startAsItIs(DAMAGED);
    assertSoundAndGoesOn();
  }

  @Test
  void ledgerThatIsFoundToHaveDivergedIsNotUsed() throws Exception {
    start(4);
    byte[] key = Table.CHECKPOINT.key(BLOCKS - 1);
    try (LevelDbStore store = LevelDbStore.open(stopped(DAMAGED))) {
      Checkpoint own = Decoder.decode(store.get(key).orElseThrow(), Checkpoint::decode);
      Checkpoint other = new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO);
      store.write(
          new Batch().put(key, other.encoded()).delete(Table.CERTIFICATE.key(BLOCKS - 1)), true);
    }
    mark();
    assertThatThrownBy(() -> network.startAsItIs(DAMAGED))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("the ledger is damaged and has diverged");
    assertNothingMadeAnew(DAMAGED);
    assertThat(data(DAMAGED).resolve("DAMAGED")).exists();
  }

  @Test
  void diskThatCannotBeReadNowIsNoReasonToMakeItAnew() throws Exception {
    start(4);
    Path table = BitFlips.files(stopped(DAMAGED), BitFlips.TABLES).get(0);
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(table, elsewhere);
    Files.createDirectory(table); // its first read fails
    assertThatThrownBy(() -> network.startAsItIs(DAMAGED))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("cannot be used: ")
        .message()
        .doesNotContain("cannot be made anew");
    assertNothingMadeAnew(DAMAGED);

    Files.delete(table);
    Files.move(elsewhere, table);
    network.startAsItIs(DAMAGED);
    network.awaitReady(DAMAGED);
    assertThat(network.metric(DAMAGED, "quorate_damage_found_total")).isZero();
  }

  @Test
  void operatorMayWantToLookAtItFirst() throws Exception {
    start(4);
    BitFlips.flipIndexes(stopped(DAMAGED));
    network.keep(new StorageOptions(192, 0, 2, 0, 0, false));
    assertThatThrownBy(() -> network.startAsItIs(DAMAGED))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("If it is damaged: `quorate ledger repair`");
    assertNothingMadeAnew(DAMAGED);
  }

  @Test
  void operatorMayWantToLookAtWhatWasMarkedToo() throws Exception {
    start(4);
    stopped(DAMAGED);
    mark();
    network.keep(new StorageOptions(192, 0, 2, 0, 0, false));
    network.startAsItIs(DAMAGED);
    network.awaitReady(DAMAGED);
    assertThat(data(DAMAGED).resolve("DAMAGED")).exists();
    assertNothingMadeAnew(DAMAGED);
  }

  @Test
  void nodeThatLeavesItToTheOperatorDoesNotStartAgain() throws Exception {
    start(4);
    network.keep(new StorageOptions(192, 0, 2, 0, 0, false));
    Node damaged = startedAndDamaged();
    submit(new Operation.Add(ByteString.utf8(KEY), 1));
    assertThat(damaged.awaitEnd()).isEqualTo(1);
    network.stop(DAMAGED);
    assertThat(damaged.startingAgainRepairs()).isFalse();
    assertThat(data(DAMAGED).resolve("DAMAGED")).as("for when it may").exists();
  }

  @Test
  void ledgerOfALoneValidatorIsNotMadeShorter() throws Exception {
    start(1);
    long last = stoppedWithoutABlock(0);
    Path ledger = data(0).resolve("ledger");
    BitFlips.flip(ledger, entry(ledger, STATE_KEY));
    assertThatThrownBy(() -> network.startAsItIs(0))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining(
            "cannot be made anew: it would end with block %d, since block %d cannot be read"
                .formatted(last - 3, last - 2));
    assertNothingMadeAnew(0);
  }

  @Test
  void blocksThatNobodyElseHasAreNotGivenUp() throws Exception {
    start(1);
    Path ledger = stopped(0);
    List<Path> tables = BitFlips.files(ledger, BitFlips.TABLES);
    for (Path table : tables) {
      for (long at = 200; at < Files.size(table); at += 2_000) { // some block is lost so
        BitFlips.flip(table, at);
      }
    }
    BitFlips.flipIndexes(ledger);
    assertThatThrownBy(() -> network.startAsItIs(0))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("cannot be made anew: ");
    assertThat(tables).allMatch(Files::exists);
  }
}
