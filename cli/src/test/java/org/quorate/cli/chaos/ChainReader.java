package org.quorate.cli.chaos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.store.KeyValueStore;

/** Reads a stopped node's chain from its disk, and checks it with the genesis file alone. */
final class ChainReader {
  private final String node;
  private final ChainSpec chain;
  private final List<String> faults = new ArrayList<>();

  private ChainReader(String node, ChainSpec chain) {
    this.node = node;
    this.chain = chain;
  }

  /**
   * Reads all of it.
   *
   * @param store which is closed afterwards
   */
  static ChainCopy read(String node, ChainSpec chain, KeyValueStore store) throws LedgerException {
    ChainReader reader = new ChainReader(node, chain);
    try (Ledger ledger = Ledger.open(store, chain)) {
      return reader.read(ledger);
    }
  }

  private ChainCopy read(Ledger ledger) {
    List<ChainCopy.Entry> entries = new ArrayList<>();
    Digest parent = chain.genesisBlock().hash();
    for (long height = 1; height <= ledger.checkpoint().height(); height++) {
      CommittedBlock committed = ledger.block(height).orElseThrow();
      Block block = committed.block();
      expect(block.header().parentHash().equals(parent), height, "does not follow its parent");
      parent = block.hash();
      checkCommit(committed);
      Checkpoint own = ledger.checkpoint(height).orElseThrow();
      Optional<CheckpointCertificate> certificate = ledger.checkpointCertificate(height);
      certificate.ifPresent(found -> checkCheckpoint(own, found));
      List<Receipt> receipts = receipts(ledger, block);
      expect(
          Receipt.root(receipts).equals(own.receiptsRoot()),
          height,
          "has receipts beside its root");
      entries.add(
          new ChainCopy.Entry(
              Digest.sha256(block.encoded()),
              receipts,
              own.receiptsRoot(),
              own.stateRoot(),
              certificate.isPresent()));
    }
    long total =
        ledger
            .state(ChaosClient.TOTAL)
            .value()
            .map(value -> Long.parseLong(new String(value.bytes(), StandardCharsets.UTF_8)))
            .orElse(0L);
    return new ChainCopy(node, entries, total, faults);
  }

  private void expect(boolean holds, long height, String otherwise) {
    if (!holds) {
      faults.add("block " + height + " " + otherwise);
    }
  }

  private void checkCommit(CommittedBlock committed) {
    QuorumCertificate commit = committed.commit();
    Block block = committed.block();
    expect(
        commit.vote().phase() == Phase.COMMIT && commit.vote().block().equals(block.id()),
        block.height(),
        "has a certificate of something else");
    Verdict verdict =
        commit.check(chain.validators(), chain.chainHash(), SignatureVerifier.ED25519);
    expect(verdict.isValid(), block.height(), "has a commit certificate that fails: " + verdict);
  }

  private void checkCheckpoint(Checkpoint own, CheckpointCertificate certificate) {
    expect(certificate.checkpoint().equals(own), own.height(), "has another result than is proven");
    Verdict verdict =
        certificate.checkProven(chain.validators(), chain.chainHash(), SignatureVerifier.ED25519);
    expect(verdict.isValid(), own.height(), "has a checkpoint that fails: " + verdict);
  }

  private List<Receipt> receipts(Ledger ledger, Block block) {
    List<Receipt> receipts = new ArrayList<>();
    for (Transaction transaction : block.transactions()) {
      TransactionRecord record = ledger.transaction(transaction.hash()).orElseThrow();
      expect(
          record.height() == block.height() && record.index() == receipts.size(),
          block.height(),
          "has the transaction %s, which is kept as that of %d/%d"
              .formatted(transaction.hash(), record.height(), record.index()));
      receipts.add(record.receipt());
    }
    return receipts;
  }
}
