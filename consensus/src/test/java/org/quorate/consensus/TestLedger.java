package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;

/** The executed chain of one node, which survives its crashes. */
final class TestLedger {
  private record Entry(CommittedBlock block, Checkpoint checkpoint) {}

  private final TestChain chain;
  private final List<Entry> entries = new ArrayList<>();
  private final TreeMap<PublicKey, ReplayWindow> windows = new TreeMap<>();
  private final TreeMap<Long, CheckpointCertificate> certificates = new TreeMap<>();

  TestLedger(TestChain chain) {
    this.chain = chain;
  }

  long height() {
    return entries.size();
  }

  Checkpoint checkpoint(long height) {
    return entry(height).checkpoint();
  }

  private Entry entry(long height) {
    return entries.get((int) height - 1);
  }

  Checkpoint apply(CommittedBlock committed) {
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
    return result;
  }

  private ReplayWindow window(Transaction transaction) {
    return windows.getOrDefault(transaction.client(), ReplayWindow.EMPTY);
  }

  void put(CheckpointCertificate certificate) {
    if (certificate.height() > height()) {
      throw new AssertionError(
          "a certificate for height " + certificate.height() + " before the block was executed");
    }
    certificates.merge(
        certificate.height(),
        certificate,
        (one, other) -> one.signatures().size() >= other.signatures().size() ? one : other);
  }

  ChainTip tip() {
    if (entries.isEmpty()) {
      return ChainTip.genesis(chain.spec());
    }
    Optional<CheckpointCertificate> stable =
        certificates.descendingMap().values().stream()
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
        entries.stream().skip(stableHeight).map(Entry::checkpoint).toList(),
        entries.stream()
            .map(Entry::checkpoint)
            .filter(result -> result.height() > height() - ChainTip.UNPROVEN_BLOCKS_MAX)
            .filter(result -> !certificates.containsKey(result.height()))
            .toList());
  }
}
