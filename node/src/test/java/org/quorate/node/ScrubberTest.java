package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.Input;
import org.quorate.consensus.TestChain;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.Table;
import org.quorate.monitoring.NodeMetrics;

/** A small ledger that is read again and again, on a thread whose time passes here. */
final class ScrubberTest {
  private static final int BLOCKS = 4;
  private static final int LARGE = 60_000;

  private final TestChain chain = new TestChain(4);
  private final MemoryStore store = new MemoryStore();
  private final VirtualTasks tasks = new VirtualTasks();
  private final List<Input.Lost> lost = new ArrayList<>();
  private final List<DamageException> beyondPeers = new ArrayList<>();
  private final NodeMetrics metrics = new NodeMetrics();
  private Ledger ledger;

  /** What is to be done, and when; one task at a time. */
  private static final class VirtualTasks implements Tasks {
    private final ArrayDeque<Runnable> due = new ArrayDeque<>();
    private long nanos;
    private boolean closed;

    @Override
    public void run(Runnable task) {
      due.add(task);
    }

    @Override
    public void after(long delay, Runnable task) {
      due.add(
          () -> {
            nanos += delay;
            task.run();
          });
    }

    @Override
    public void every(long millis, Runnable task) {
      throw new AssertionError("each step tells when the next is due");
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public boolean ended(long millisMax) {
      return closed;
    }
  }

  @BeforeEach
  void fill() throws LedgerException {
    ledger = Ledger.open(store, chain.spec());
    for (int height = 1; height <= BLOCKS; height++) {
      apply("k" + height);
    }
  }

  /** A block with a large value for a key. */
  private void apply(String key) {
    BlockHeader parent = ledger.tipHeader();
    Operation put = new Operation.Put(ByteString.utf8(key), ByteString.utf8("v".repeat(LARGE)));
    Block block = chain.block(0, parent, chain.transaction(0, parent.height() + 1, List.of(put)));
    ledger.apply(chain.committed(0, block, 0, 1, 2));
  }

  private void start(int megabytesPerSecond) {
    Repairs repairs = new Repairs(true, lost::add, beyondPeers::add, metrics);
    new Scrubber(ledger::scrub, megabytesPerSecond, repairs, tasks, metrics).start();
  }

  /** Lets the next step happen; after how many seconds. */
  private long step() {
    long before = tasks.nanos;
    tasks.due.remove().run();
    return TimeUnit.NANOSECONDS.toSeconds(tasks.nanos - before);
  }

  /** Lets the whole ledger be read, and nothing after that. */
  private void round() {
    double before = scrubs();
    for (int steps = 0; scrubs() == before; steps++) {
      assertThat(steps).isLessThan(100);
      step();
    }
  }

  private double scrubs() {
    return metrics.registry().getSampleValue("quorate_scrubs_total");
  }

  private double found() {
    return metrics.registry().getSampleValue("quorate_damage_found_total");
  }

  private void put(byte[] key, byte... value) {
    assertThat(store.get(key)).isPresent();
    store.write(new Batch().put(key, value), true);
  }

  @Test
  void smallLedgerIsReadOnceInAnHour() {
    start(1);
    assertThat(step()).as("blocks").isEqualTo(1);
    assertThat(scrubs()).isZero();
    assertThat(step()).as("state").isEqualTo(1);
    assertThat(scrubs()).isEqualTo(1);
    assertThat(step()).as("blocks again").isEqualTo(3_600);
    assertThat(step()).isEqualTo(1);
    assertThat(scrubs()).isEqualTo(2);
  }

  @Test
  void soManyMegabytesAreReadEachSecond() {
    while (ledger.checkpoint().height() * LARGE < 3 << 20) {
      apply("k");
    }
    put(Table.HEADER.key(ledger.checkpoint().height()), (byte) 1);
    start(1);
    step();
    step();
    assertThat(lost).isEmpty();
    step();
    step();
    assertThat(lost).hasSize(1);
  }

  @Test
  void blockThatIsDamagedLaterIsFoundNextTime() {
    start(1);
    round();
    put(Table.RECEIPTS.key(2), (byte) 1);
    round();
    assertThat(lost).containsExactly(new Input.Lost(2));
    assertThat(beyondPeers).isEmpty();
    assertThat(scrubs()).as("all else was read").isEqualTo(2);
  }

  @Test
  void blockThatASalvageLostIsAskedOfPeers() {
    put(Table.TRANSACTIONS.key(2), ChainStore.lost());
    start(1);
    round();
    assertThat(lost).containsExactly(new Input.Lost(2));
    assertThat(beyondPeers).isEmpty();
  }

  @Test
  void stateThatIsDamagedIsBeyondPeersAndNotWhollyRead() {
    put(Table.STATE.key(Namespace.APPLICATION.path(ByteString.utf8("k1")).bytes()), (byte) 1);
    start(1);
    step();
    step();
    assertThat(beyondPeers).hasSize(1);
    assertThat(lost).isEmpty();
    assertThat(scrubs()).isZero();
    assertThat(step()).as("it is not read at once again").isEqualTo(3_600);
  }

  @Test
  void storeThatIsClosedIsNoDamage() {
    start(1);
    ledger.close();
    step();
    assertThat(found()).isZero();
    assertThat(scrubs()).isZero();
  }

  @Test
  void zeroMeansNever() {
    start(0);
    assertThat(tasks.due).isEmpty();
  }

  @Test
  void itsThreadEndsWithIt() {
    Repairs repairs = new Repairs(true, lost::add, beyondPeers::add, metrics);
    new Scrubber(ledger::scrub, 1, repairs, tasks, metrics).close();
    assertThat(tasks.closed).isTrue();
  }
}
