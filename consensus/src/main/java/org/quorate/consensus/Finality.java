package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * Decides blocks in order of height, each once, by their commit certificates, wherever those come
 * from.
 */
final class Finality {
  private final BlockTree tree;
  private final Outbox outbox;
  private final int windowBlocks;

  /** Commit certificates above the root: at most as many as the window is wide. */
  private final TreeMap<Long, QuorumCertificate> certificates = new TreeMap<>();

  /**
   * Certificates of the last decided blocks, so that one that conflicts is seen as late as that.
   */
  private final TreeMap<Long, QuorumCertificate> decided = new TreeMap<>();

  /** Decided blocks that are not known to be durable yet: until then the journal holds them. */
  private final TreeMap<Long, Block> unexecuted = new TreeMap<>();

  private long unexecutedBytes;

  /**
   * Those of them that came with their certificate and that the journal lacks. Their certificate's
   * signers hold them; this replica needs them after a crash for what it says on top of them.
   */
  private final TreeMap<Long, Block> unrecorded = new TreeMap<>();

  Finality(BlockTree tree, Outbox outbox, int windowBlocks) {
    this.tree = tree;
    this.outbox = outbox;
    this.windowBlocks = windowBlocks;
  }

  /**
   * Takes a commit certificate of a height in the window.
   *
   * @throws ForkError if another block of that height has one
   */
  void add(QuorumCertificate certificate) {
    long height = certificate.vote().height();
    @Nullable QuorumCertificate known =
        height <= tree.root().height()
            ? decided.get(height)
            : certificates.putIfAbsent(height, certificate);
    if (known != null && !known.vote().block().equals(certificate.vote().block())) {
      throw new ForkError(known, certificate, List.of());
    }
  }

  /** Takes the block after the root with its certificate; of others only a fork is noticed. */
  void add(CommittedBlock committed) {
    Block block = committed.block();
    if (block.height() > tree.root().height() + 1) {
      return;
    }
    add(committed.commit());
    if (block.height() <= tree.root().height()) {
      return;
    }
    checkLink(block, committed.commit());
    if (!tree.contains(block.id())) {
      if (!tree.add(block)) {
        throw new AssertionError(block + " is committed and repeats a transaction");
      }
      unrecorded.put(block.height(), block);
    }
  }

  /** Decides the block after the root, if it and its certificate are there. */
  Optional<CommittedBlock> decideNext() {
    @Nullable QuorumCertificate certificate = certificates.get(tree.root().height() + 1);
    if (certificate == null) {
      return Optional.empty();
    }
    Optional<Block> block = tree.block(certificate.vote().block().hash());
    if (block.isEmpty()) {
      return Optional.empty();
    }
    checkLink(block.get(), certificate);
    tree.advance(block.get());
    certificates.headMap(tree.root().height(), true).clear();
    decided.put(tree.root().height(), certificate);
    decided.headMap(tree.root().height() - windowBlocks, true).clear();
    CommittedBlock committed = new CommittedBlock(block.get(), certificate);
    unexecuted.put(block.get().height(), block.get());
    unexecutedBytes += block.get().transactionBytes();
    outbox.decide(committed);
    return Optional.of(committed);
  }

  /** The block of {@code height} was executed and is durable in the ledger. */
  void executed(long height) {
    while (!unexecuted.isEmpty() && unexecuted.firstKey() <= height) {
      unexecutedBytes -= unexecuted.pollFirstEntry().getValue().transactionBytes();
    }
    unrecorded.headMap(height, true).clear();
  }

  /**
   * What must be in the journal before any other record: from then on this replica may stand on
   * these blocks.
   */
  List<JournalRecord> takeUnrecorded() {
    List<JournalRecord> records = new ArrayList<>();
    unrecorded.values().forEach(block -> records.add(new JournalRecord.Accepted(block)));
    unrecorded.clear();
    return records;
  }

  /** Bytes of the transactions of decided blocks that are not executed yet. */
  long unexecutedBytes() {
    return unexecutedBytes;
  }

  /** Decided blocks that a restart would still need, in order of height. */
  List<Block> unexecuted() {
    return List.copyOf(unexecuted.values());
  }

  private void checkLink(Block block, QuorumCertificate commit) {
    BlockId root = tree.root();
    if (!block.header().parentHash().equals(root.hash())) {
      @Nullable QuorumCertificate certificate = decided.get(root.height());
      if (certificate != null) {
        throw new ForkError(certificate, commit, List.of(block.header()));
      }
      // The genesis block, or one that was decided before a restart.
      throw new AssertionError(
          block
              + " is committed and does not follow "
              + root
              + "; more than f validators are faulty");
    }
  }

  /** Whether a block above the root is known to be final, but not all that stands before it. */
  boolean waiting() {
    return !certificates.isEmpty();
  }
}
