package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.ReplayWindow.Freshness;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;

/**
 * The executed chain of one node, which survives its crashes. Checkpoint certificates that were
 * written since the last block may be lost at a crash: their writing is not synced.
 */
public final class TestLedger {
  private record Entry(CommittedBlock block, Checkpoint checkpoint) {}

  private final TestChain chain;
  private final List<Entry> entries = new ArrayList<>();
  private final TreeMap<PublicKey, ReplayWindow> windows = new TreeMap<>();
  private final TreeMap<Long, CheckpointCertificate> synced = new TreeMap<>();
  private final TreeMap<Long, CheckpointCertificate> unsynced = new TreeMap<>();

  public TestLedger(TestChain chain) {
    this.chain = chain;
  }

  /** What a backup of it would be. */
  public TestLedger copy() {
    TestLedger copy = new TestLedger(chain);
    copy.entries.addAll(entries);
    copy.windows.putAll(windows);
    copy.synced.putAll(synced);
    return copy;
  }

  public long height() {
    return entries.size();
  }

  /** The block of a height from 1 to the tip. */
  public Block block(long height) {
    return entry(height).block().block();
  }

  public Checkpoint checkpoint(long height) {
    return entry(height).checkpoint();
  }

  private Entry entry(long height) {
    return entries.get((int) height - 1);
  }

  public Checkpoint apply(CommittedBlock committed) {
    Block block = committed.block();
    if (block.height() != height() + 1) {
      throw new AssertionError(block + " was handed over for execution after height " + height());
    }
    Digest before = height() == 0 ? Digest.ZERO : checkpoint(height()).stateRoot();
    for (Transaction transaction : block.transactions()) {
      windows.put(transaction.client(), window(transaction).with(transaction.nonce()));
    }
    Checkpoint result = chain.execute(before, block);
    entries.add(new Entry(committed, result));
    synced.putAll(unsynced);
    unsynced.clear();
    return result;
  }

  private ReplayWindow window(Transaction transaction) {
    return windows.getOrDefault(transaction.client(), ReplayWindow.EMPTY);
  }

  public boolean isFresh(Transaction transaction) {
    return window(transaction).freshness(transaction.nonce()) == Freshness.FRESH;
  }

  public void put(CheckpointCertificate certificate) {
    if (certificate.height() > height()) {
      throw new AssertionError(
          "a certificate for height " + certificate.height() + " before the block was executed");
    }
    Optional<CheckpointCertificate> known = certificate(certificate.height());
    if (known.isEmpty() || known.get().signatures().size() < certificate.signatures().size()) {
      unsynced.put(certificate.height(), certificate);
    }
  }

  public Optional<CheckpointCertificate> certificate(long height) {
    return Optional.ofNullable(unsynced.getOrDefault(height, synced.get(height)));
  }

  public void crash(SplittableRandom random) {
    if (random.nextBoolean()) {
      synced.putAll(unsynced);
    }
    unsynced.clear();
  }

  public ChainTip tip() {
    if (entries.isEmpty()) {
      return ChainTip.genesis(chain.spec());
    }
    Optional<CheckpointCertificate> stable =
        synced.descendingMap().values().stream()
            .filter(certificate -> certificate.signatures().size() >= chain.quorum())
            .findFirst();
    long stableHeight = stable.map(CheckpointCertificate::height).orElse(0L);
    Entry last = entry(height());
    return new ChainTip(
        last.block().block().id(),
        last.block().block().header(),
        OptionalLong.of(last.block().commit().vote().view()),
        new TreeMap<>(windows),
        stable,
        entries.stream().skip(stableHeight).map(Entry::checkpoint).toList());
  }

  /** What a node answers to a request for final blocks. */
  public Transfer.CommittedBlocks range(long from, long to) {
    return new Transfer.CommittedBlocks(
        entries.stream()
            .skip(from - 1)
            .limit(to - from + 1)
            .map(
                entry ->
                    new Transfer.CommittedBlocks.Item(
                        entry.block(), certificate(entry.checkpoint().height())))
            .toList());
  }
}
