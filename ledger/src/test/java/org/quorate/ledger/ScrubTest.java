package org.quorate.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.Table;

/** A ledger of which something cannot be read, and that nobody asks for it. */
final class ScrubTest {
  private static final int BLOCKS = 6;
  private static final int DAMAGED = 3;

  private final TestChain chain = new TestChain();
  private final MemoryStore store = new MemoryStore();
  private Ledger ledger;
  private CommittedBlock block;

  @BeforeEach
  void fill() throws LedgerException {
    ledger = Ledger.open(store, chain.spec());
    for (int height = 1; height <= BLOCKS; height++) {
      CommittedBlock next =
          chain.next(
              ledger,
              chain.put(2L * height, "k" + height, "v"),
              chain.put(2L * height + 1, "k", "w" + height));
      ledger.putCheckpointCertificate(chain.certificate(ledger.apply(next).checkpoint(), 0, 1, 2));
      block = height == DAMAGED ? next : block;
    }
  }

  private void put(byte[] key, byte... value) {
    assertThat(store.get(key)).isPresent();
    store.write(new Batch().put(key, value), true);
  }

  /** What is found at which heights, none for the state; in steps that read so much each. */
  private List<OptionalLong> found(long bytes) {
    List<OptionalLong> found = new ArrayList<>();
    Scrub scrub = ledger.scrub();
    for (int steps = 0; !scrub.ended(); steps++) {
      assertThat(steps).isLessThan(100);
      scrub
          .step(bytes)
          .ifPresent(
              it -> {
                assertThat(it.cause()).isInstanceOf(DamageException.class);
                found.add(it.height());
              });
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEADER", "TRANSACTIONS", "RECEIPTS", "CHECKPOINT", "CERTIFICATE"})
  void whatIsKeptOfABlockIsRead(Table table) {
    put(table.key(DAMAGED), (byte) 1);
    assertThat(found(1 << 20)).containsExactly(OptionalLong.of(DAMAGED));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void recordOfEachTransactionIsRead(int index) {
    Digest hash = block.block().transactions().get(index).hash();
    put(Table.TRANSACTION.key(hash.bytes()), (byte) 1);
    assertThat(found(1 << 20)).containsExactly(OptionalLong.of(DAMAGED));
  }

  @Test
  void recordOfAnotherBlockIsDamageToo() {
    TransactionRecord record = ledger.transaction(block.block().transactions().get(0).hash()).get();
    put(
        Table.TRANSACTION.key(block.block().transactions().get(0).hash().bytes()),
        new TransactionRecord(DAMAGED + 1, 0, record.receipt()).encoded());
    assertThat(found(1 << 20)).containsExactly(OptionalLong.of(DAMAGED));
  }

  @Test
  void whatIsMissingIsDamage() {
    store.write(new Batch().delete(Table.RECEIPTS.key(DAMAGED)), true);
    store.write(new Batch().delete(Table.HEADER.key(DAMAGED + 1)), true);
    assertThat(found(1 << 20))
        .containsExactly(OptionalLong.of(DAMAGED), OptionalLong.of(DAMAGED + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEADER", "TRANSACTIONS", "RECEIPTS", "CHECKPOINT"})
  void eachEntryThatABlockMustHaveIsMissed(Table table) {
    store.write(new Batch().delete(table.key(DAMAGED)), true);
    assertThat(found(1 << 20)).containsExactly(OptionalLong.of(DAMAGED));
  }

  @Test
  void recordOfATransactionIsMissed() {
    Digest hash = block.block().transactions().get(1).hash();
    store.write(new Batch().delete(Table.TRANSACTION.key(hash.bytes())), true);
    assertThat(found(1 << 20)).containsExactly(OptionalLong.of(DAMAGED));
  }

  @Test
  void blocksBelowTheSnapshotThatALedgerBeganWithAreNotMissed() {
    Batch batch = new Batch();
    for (int height = 1; height < DAMAGED; height++) {
      batch.delete(Table.HEADER.key(height)).delete(Table.CHECKPOINT.key(height));
    }
    KeptRecord kept = new KeptRecord(DAMAGED, DAMAGED + 1);
    store.write(batch.put(Table.KEPT.key(), kept.encoded()), true);
    assertThat(found(1 << 20)).isEmpty();
    put(Table.HEADER.key(DAMAGED), (byte) 1);
    assertThat(found(1 << 20)).containsExactly(OptionalLong.of(DAMAGED));
  }

  @Test
  void whatASalvageLostIsMissedButNoNewDamage() {
    put(Table.RECEIPTS.key(DAMAGED), ChainStore.lost());
    Scrub scrub = ledger.scrub();
    Scrub.Found found = scrub.step(1 << 20).orElseThrow();
    assertThat(found.height()).hasValue(DAMAGED);
    assertThat(found.cause()).isInstanceOf(LostException.class);
  }

  @Test
  void certificateThatNeverCameIsNone() {
    store.write(new Batch().delete(Table.CERTIFICATE.key(DAMAGED)), true);
    assertThat(found(1 << 20)).isEmpty();
  }

  @Test
  void stateIsReadAfterTheBlocks() {
    Digest path = Namespace.APPLICATION.path(ByteString.utf8("k4"));
    byte[] other = store.get(Table.STATE.key(state("k").bytes())).orElseThrow();
    put(Table.RECEIPTS.key(1), (byte) 1);
    put(Table.STATE.key(path.bytes()), other);
    assertThat(found(1 << 20)).containsExactly(OptionalLong.of(1), OptionalLong.empty());
    put(Table.STATE.key(path.bytes()), (byte) 1);
    assertThat(found(1)).containsExactly(OptionalLong.of(1), OptionalLong.empty());
  }

  private static Digest state(String key) {
    return Namespace.APPLICATION.path(ByteString.utf8(key));
  }

  @Test
  void soundLedgerIsReadToItsEndInStepsOfAnySize() {
    for (long bytes : new long[] {1, 500, 5_000, 1 << 20}) {
      assertThat(found(bytes)).isEmpty();
    }
    Scrub scrub = ledger.scrub();
    int steps = 0;
    while (!scrub.ended()) {
      assertThat(scrub.step(1)).isEmpty();
      steps++;
    }
    assertThat(steps).as("one for each block, one for each entry").isEqualTo(BLOCKS + entries());
  }

  /** How many steps that read so much each come to the last block. */
  private int stepsToTheEndOfBlocks(long bytes) {
    put(Table.HEADER.key(ledger.checkpoint().height()), (byte) 1);
    Scrub scrub = ledger.scrub();
    int steps = 1;
    while (scrub.step(bytes).isEmpty()) {
      assertThat(scrub.ended()).isFalse();
      steps++;
    }
    return steps;
  }

  @Test
  void stepEndsWhenItHasReadAllThatItMayOfSeveralBlocks() {
    assertThat(stepsToTheEndOfBlocks(4_000)).as("two of 2,048 bytes and more").isEqualTo(3);
  }

  @Test
  void stepReadsNoMoreOfLargeBlocksThanOfSmallOnes() throws LedgerException {
    for (int i = 0; i < BLOCKS; i++) {
      ledger.apply(chain.next(ledger, chain.put(100 + i, "k", "v".repeat(20_000))));
    }
    assertThat(stepsToTheEndOfBlocks(20_000))
        .as("all small blocks and a large one, then one large one each")
        .isEqualTo(BLOCKS);
  }

  private int entries() {
    int[] entries = {0};
    store.scan(
        Table.STATE.key(),
        (key, value) -> {
          entries[0]++;
          return true;
        });
    assertThat(entries[0]).isGreaterThan(BLOCKS);
    return entries[0];
  }

  @Test
  void blocksThatWereDroppedMeanwhileAreNotMissed() {
    Scrub scrub = ledger.scrub();
    assertThat(scrub.step(1)).isEmpty();
    assertThat(ledger.prune(DAMAGED + 1)).isFalse();
    while (!scrub.ended()) {
      assertThat(scrub.step(1)).isEmpty();
    }
    put(Table.HEADER.key(1), (byte) 1);
    assertThat(found(1 << 20)).as("headers stay").containsExactly(OptionalLong.of(1));
  }

  @Test
  void storeThatIsClosedEndsIt() {
    Scrub scrub = ledger.scrub();
    ledger.close();
    assertThat(scrub.step(1).orElseThrow().cause()).isNotInstanceOf(DamageException.class);
    assertThat(scrub.ended()).isTrue();
  }
}
